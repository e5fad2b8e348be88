// SPDX-License-Identifier: BSD-2-Clause
#include "suites/unit/probes/verify_support.h"

#include <utility>
#include <vector>

#include <openssl/core_names.h>
#include <openssl/objects.h>
#include <openssl/rsa.h>

#include "knowledge/algorithm_ids.h"
#include "probes/verify/curves.h"
#include "tpm/digest.h"

namespace tpmprobe::probes {
namespace {

namespace alg = knowledge::alg;
namespace curve = knowledge::curve;

openssl::BigNumber part_of(const openssl::Key& key, const char* name) {
  BIGNUM* number = nullptr;
  EVP_PKEY_get_bn_param(key.get(), name, &number);
  return openssl::BigNumber(number);
}

openssl::Key generate(const char* type, const OSSL_PARAM* parameters) {
  const openssl::KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  EVP_PKEY_keygen_init(context.get());
  EVP_PKEY_CTX_set_params(context.get(), parameters);
  EVP_PKEY_generate(context.get(), &key);
  return openssl::Key(key);
}

openssl::Key generate_named(const char* type, const char* group) {
  const openssl::ParameterBuilder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, group, 0);
  return generate(type, openssl::Parameters(OSSL_PARAM_BLD_to_param(builder.get())).get());
}

openssl::Key generate_explicit(const Curve& curve) {
  const DomainParameters& given = *curve.name->parameters;
  const openssl::ParameterBuilder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_EC_FIELD_TYPE,
                                  SN_X9_62_prime_field, 0);
  const std::pair<const char*, const char*> numbers[] = {
      {OSSL_PKEY_PARAM_EC_P, given.p},    {OSSL_PKEY_PARAM_EC_A, given.a},
      {OSSL_PKEY_PARAM_EC_B, given.b},    {OSSL_PKEY_PARAM_EC_ORDER, given.n},
      {OSSL_PKEY_PARAM_EC_COFACTOR, "1"},
  };
  std::vector<openssl::BigNumber> kept;
  for (const auto& [name, value] : numbers) {
    kept.push_back(openssl::big_number(value));
    OSSL_PARAM_BLD_push_BN(builder.get(), name, kept.back().get());
  }
  Bytes generator = {POINT_CONVERSION_UNCOMPRESSED};
  for (const char* coordinate : {given.x, given.y}) {
    const Bytes padded = openssl::octets(openssl::big_number(coordinate).get(), curve.field_octets);
    generator.insert(generator.end(), padded.begin(), padded.end());
  }
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_EC_GENERATOR, generator.data(),
                                   generator.size());
  return generate("EC", openssl::Parameters(OSSL_PARAM_BLD_to_param(builder.get())).get());
}

Bytes sign(EVP_PKEY_CTX* context, ByteView digest) {
  std::size_t size = 0;
  EVP_PKEY_sign(context, nullptr, &size, digest.data(), digest.size());
  Bytes signature(size);
  EVP_PKEY_sign(context, signature.data(), &size, digest.data(), digest.size());
  signature.resize(size);
  return signature;
}

int digit(char character) {
  if (character <= '9') return character - '0';
  return (character | 0x20) - 'a' + 10;
}

}  // namespace

Bytes unhex(std::string_view digits) {
  Bytes octets;
  for (std::size_t at = 0; at + 1 < digits.size(); at += 2) {
    octets.push_back(static_cast<std::uint8_t>(digit(digits[at]) * 16 + digit(digits[at + 1])));
  }
  return octets;
}

Bytes octets_of(std::string_view text) {
  return {text.begin(), text.end()};
}

TestKey make_rsa_key(unsigned bits) {
  TestKey made{openssl::Key(EVP_RSA_gen(bits)), {}};
  made.key.type = tpm::KeyTemplate::Type::rsa;
  made.key.key_bits = static_cast<std::uint16_t>(bits);
  made.key.exponent = 65537;
  made.key.modulus = openssl::octets(part_of(made.pair, OSSL_PKEY_PARAM_RSA_N).get(), bits / 8);
  return made;
}

TestKey make_ecc_key(tpm::CurveId id) {
  const Curve& curve = *find_curve(id);
  const char* type = id == curve::kSm2P256 ? "SM2" : "EC";
  TestKey made{curve.name->parameters == nullptr ? generate_named(type, curve.name->openssl)
                                                 : generate_explicit(curve),
               {}};
  made.key.curve = id;
  made.key.x =
      openssl::octets(part_of(made.pair, OSSL_PKEY_PARAM_EC_PUB_X).get(), curve.field_octets);
  made.key.y =
      openssl::octets(part_of(made.pair, OSSL_PKEY_PARAM_EC_PUB_Y).get(), curve.field_octets);
  return made;
}

const TestKey& shared_rsa2048() {
  static const TestKey key = make_rsa_key(2048);
  return key;
}

tpm::Signature sign_rsa(const TestKey& key, tpm::AlgId scheme, tpm::AlgId hash, ByteView digest,
                        int salt_length) {
  const bool pss = scheme == alg::kRsapss;
  const openssl::KeyContext context(EVP_PKEY_CTX_new(key.pair.get(), nullptr));
  EVP_PKEY_sign_init(context.get());
  EVP_PKEY_CTX_set_rsa_padding(context.get(), pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING);
  EVP_PKEY_CTX_set_signature_md(context.get(), tpm::find_hash(hash));
  if (pss) EVP_PKEY_CTX_set_rsa_pss_saltlen(context.get(), salt_length);
  tpm::Signature signature{.algorithm = scheme, .hash = hash, .rsa = {}, .r = {}, .s = {}};
  signature.rsa = sign(context.get(), digest);
  return signature;
}

tpm::Signature sign_ecc(const TestKey& key, tpm::AlgId hash, ByteView digest) {
  const openssl::KeyContext context(EVP_PKEY_CTX_new(key.pair.get(), nullptr));
  EVP_PKEY_sign_init(context.get());
  const Bytes der = sign(context.get(), digest);
  const std::uint8_t* in = der.data();
  const openssl::EcdsaSignature pair(d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(der.size())));
  const std::size_t size = find_curve(key.key.curve)->order_octets;
  const bool sm2 = key.key.curve == curve::kSm2P256;
  return {.algorithm = sm2 ? alg::kSm2 : alg::kEcdsa,
          .hash = hash,
          .rsa = {},
          .r = openssl::octets(ECDSA_SIG_get0_r(pair.get()), size),
          .s = openssl::octets(ECDSA_SIG_get0_s(pair.get()), size)};
}

Bytes tampered(Bytes octets) {
  octets.back() ^= 1U;
  return octets;
}

}  // namespace tpmprobe::probes
