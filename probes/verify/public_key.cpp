// SPDX-License-Identifier: BSD-2-Clause
#include "probes/verify/public_key.h"

#include <algorithm>
#include <array>
#include <vector>

#include <openssl/core_names.h>
#include <openssl/pem.h>

#include "knowledge/algorithm_ids.h"
#include "probes/verify/curves.h"
#include "probes/verify/openssl.h"

namespace tpmprobe::probes {
namespace {

namespace curve = knowledge::curve;

using openssl::big_number;
using openssl::BigNumber;

tl::unexpected<Error> malformed(std::string message) {
  return fail(Error::Kind::malformed, 0, std::move(message));
}

openssl::Key key_from(const char* type, OSSL_PARAM_BLD* builder) {
  const openssl::Parameters parameters(OSSL_PARAM_BLD_to_param(builder));
  const openssl::KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (parameters != nullptr && context != nullptr && EVP_PKEY_fromdata_init(context.get()) == 1) {
    EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get());
  }
  return openssl::Key(key);
}

/// Names the group, or spells its parameters out; `kept` owns the numbers until the key is made.
void push_group(OSSL_PARAM_BLD* builder, const Curve& curve, const Bytes& generator,
                std::vector<BigNumber>& kept) {
  const CurveName& name = *curve.name;
  if (name.parameters == nullptr) {
    OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, name.openssl, 0);
    return;
  }
  const auto push = [&](const char* parameter, const char* value) {
    kept.push_back(big_number(value));
    OSSL_PARAM_BLD_push_BN(builder, parameter, kept.back().get());
  };
  OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_EC_FIELD_TYPE, SN_X9_62_prime_field, 0);
  push(OSSL_PKEY_PARAM_EC_P, name.parameters->p);
  push(OSSL_PKEY_PARAM_EC_A, name.parameters->a);
  push(OSSL_PKEY_PARAM_EC_B, name.parameters->b);
  push(OSSL_PKEY_PARAM_EC_ORDER, name.parameters->n);
  push(OSSL_PKEY_PARAM_EC_COFACTOR, "1");
  OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_EC_GENERATOR, generator.data(),
                                   generator.size());
}

Bytes generator_of(const Curve& curve) {
  Bytes encoded(1 + 2 * curve.field_octets);
  EC_POINT_point2oct(curve.group.get(), EC_GROUP_get0_generator(curve.group.get()),
                     POINT_CONVERSION_UNCOMPRESSED, encoded.data(), encoded.size(), nullptr);
  return encoded;
}

}  // namespace

std::optional<Bytes> uncompressed_point(const Curve& curve, ByteView x, ByteView y) {
  Bytes encoded = {POINT_CONVERSION_UNCOMPRESSED};
  for (const ByteView coordinate : {x, y}) {
    const Bytes padded = openssl::octets(big_number(coordinate).get(), curve.field_octets);
    if (padded.empty()) return std::nullopt;
    encoded.insert(encoded.end(), padded.begin(), padded.end());
  }
  return encoded;
}

openssl::Point decode_point(const Curve& curve, ByteView x, ByteView y) {
  const openssl::QuietErrors quiet;
  const auto encoded = uncompressed_point(curve, x, y);
  openssl::Point point(EC_POINT_new(curve.group.get()));
  if (!encoded || EC_POINT_oct2point(curve.group.get(), point.get(), encoded->data(),
                                     encoded->size(), nullptr) != 1) {
    return nullptr;
  }
  return point;
}

Expected<openssl::Key> rsa_key(const tpm::PublicKey& key) {
  const openssl::QuietErrors quiet;
  if (key.modulus.empty()) return malformed("the RSA modulus is empty");
  const BigNumber modulus = big_number(key.modulus);
  if (BN_is_odd(modulus.get()) == 0) return malformed("the RSA modulus is even");
  if (key.exponent < 3 || key.exponent % 2 == 0) {
    return malformed("the RSA exponent is " + std::to_string(key.exponent));
  }
  const openssl::ParameterBuilder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get());
  OSSL_PARAM_BLD_push_uint32(builder.get(), OSSL_PKEY_PARAM_RSA_E, key.exponent);
  openssl::Key made = key_from("RSA", builder.get());
  if (made == nullptr) return malformed("OpenSSL does not accept the RSA key");
  return made;
}

Expected<openssl::Key> ecc_key(const Curve& curve, const tpm::PublicKey& key) {
  const openssl::QuietErrors quiet;
  const auto point = uncompressed_point(curve, key.x, key.y);
  if (!point || decode_point(curve, key.x, key.y) == nullptr) {
    return malformed("the public point is not on the curve");
  }
  const Bytes generator = generator_of(curve);
  std::vector<BigNumber> kept;
  const openssl::ParameterBuilder builder(OSSL_PARAM_BLD_new());
  push_group(builder.get(), curve, generator, kept);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point->data(),
                                   point->size());
  openssl::Key made = key_from(curve.name->id == curve::kSm2P256 ? "SM2" : "EC", builder.get());
  if (made == nullptr) return malformed("OpenSSL does not accept the ECC key");
  return made;
}

namespace {

using openssl::BigNumber;
using Text = std::unique_ptr<BIO, openssl::Free<BIO_free>>;

Bytes octets_of(const BIGNUM* number) {
  return openssl::octets(number, static_cast<std::size_t>(BN_num_bytes(number)));
}

/// A number of the key; none if the key has no such one.
Bytes number(const EVP_PKEY* key, const char* parameter) {
  BIGNUM* raw = nullptr;
  if (EVP_PKEY_get_bn_param(key, parameter, &raw) != 1) return {};
  const BigNumber value(raw);
  return octets_of(value.get());
}

Expected<tpm::PublicKey> rsa(const EVP_PKEY* key) {
  tpm::PublicKey to;
  to.type = tpm::KeyTemplate::Type::rsa;
  to.modulus = number(key, OSSL_PKEY_PARAM_RSA_N);
  to.key_bits = static_cast<std::uint16_t>(EVP_PKEY_get_bits(key));
  const auto exponent = number(key, OSSL_PKEY_PARAM_RSA_E);
  if (to.modulus.empty() || exponent.size() > sizeof to.exponent) {
    return malformed("the RSA key has an exponent that no TPM has");
  }
  for (const auto octet : exponent) to.exponent = to.exponent << 8U | octet;
  return to;
}

Expected<tpm::PublicKey> ecc(const EVP_PKEY* key) {
  std::array<char, 64> group{};
  if (EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) != 1) {
    return malformed("the key names no curve");
  }
  const auto names = curve_names();
  const auto curve = std::ranges::find_if(names, [&](const CurveName& name) {
    return name.openssl != nullptr && std::string_view(name.openssl) == group.data();
  });
  if (curve == names.end()) return malformed("the key is on a curve that no TPM has");
  tpm::PublicKey to;
  to.curve = curve->id;
  to.x = number(key, OSSL_PKEY_PARAM_EC_PUB_X);
  to.y = number(key, OSSL_PKEY_PARAM_EC_PUB_Y);
  return to;
}

}  // namespace

Expected<tpm::PublicKey> public_key_from_pem(std::string_view pem) {
  const openssl::QuietErrors quiet;
  const Text text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const openssl::Key key(PEM_read_bio_PUBKEY(text.get(), nullptr, nullptr, nullptr));
  if (!key) return malformed("it is not a public key in PEM format");
  return EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_RSA ? rsa(key.get()) : ecc(key.get());
}

Expected<tpm::Signature> ecdsa_from_der(ByteView der, tpm::AlgId hash) {
  const openssl::QuietErrors quiet;
  const auto* at = der.data();
  const openssl::EcdsaSignature parsed(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  if (!parsed) return malformed("it is not an ECDSA signature in DER format");
  tpm::Signature signature;
  signature.algorithm = knowledge::alg::kEcdsa;
  signature.hash = hash;
  signature.r = octets_of(ECDSA_SIG_get0_r(parsed.get()));
  signature.s = octets_of(ECDSA_SIG_get0_s(parsed.get()));
  return signature;
}

}  // namespace tpmprobe::probes
