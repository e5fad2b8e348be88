// SPDX-License-Identifier: BSD-2-Clause
#include "probes/verify/pem.h"

#include <algorithm>
#include <array>

#include <openssl/core_names.h>
#include <openssl/pem.h>

#include "knowledge/algorithm_ids.h"
#include "probes/verify/curves.h"
#include "probes/verify/openssl.h"

namespace tpmprobe::probes {
namespace {

using openssl::BigNumber;
using Text = std::unique_ptr<BIO, openssl::Free<BIO_free>>;

tl::unexpected<Error> malformed(std::string message) {
  return fail(Error::Kind::malformed, 0, std::move(message));
}

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
  if (!key) return malformed("it is no public key in PEM");
  return EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_RSA ? rsa(key.get()) : ecc(key.get());
}

Expected<tpm::Signature> ecdsa_from_der(ByteView der, tpm::AlgId hash) {
  const openssl::QuietErrors quiet;
  const auto* at = der.data();
  const openssl::EcdsaSignature parsed(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  if (!parsed) return malformed("it is no ECDSA signature in DER");
  tpm::Signature signature;
  signature.algorithm = knowledge::alg::kEcdsa;
  signature.hash = hash;
  signature.r = octets_of(ECDSA_SIG_get0_r(parsed.get()));
  signature.s = octets_of(ECDSA_SIG_get0_s(parsed.get()));
  return signature;
}

}  // namespace tpmprobe::probes
