// SPDX-License-Identifier: BSD-2-Clause
#include "probes/verify/rsa.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <openssl/objects.h>
#include <openssl/rsa.h>

#include "knowledge/algorithm_ids.h"
#include "knowledge/evidence.h"
#include "probes/verify/openssl.h"
#include "probes/verify/public_key.h"
#include "probes/verify/verify.h"
#include "tpm/digest.h"

namespace tpmprobe::probes {
namespace {

namespace evidence = knowledge::evidence;

constexpr std::uint32_t kDefaultExponent = 65537;

// The odd primes that divide the constant M of every key size of the flawed generator.
constexpr std::array<unsigned, 38> kRocaPrimes{
    3,  5,  7,  11, 13, 17,  19,  23,  29,  31,  37,  41,  43,  47,  53,  59,  61,  67,  71,
    73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167};

bool is_power_of_65537(unsigned residue, unsigned prime) {
  unsigned power = 1;
  do {
    if (power == residue) return true;
    power = power * (kDefaultExponent % prime) % prime;
  } while (power != 1);
  return false;
}

// A modulus of the generator is a power of 65537 modulo each of these primes. One of other origin
// is so by chance in one case of 2^27 (M. Nemec et al., "The Return of Coppersmith's Attack", 2017,
// 3.2: the fingerprint).
bool has_roca_fingerprint(const BIGNUM* modulus) {
  return std::all_of(kRocaPrimes.begin(), kRocaPrimes.end(), [&](unsigned prime) {
    return is_power_of_65537(static_cast<unsigned>(BN_mod_word(modulus, prime)), prime);
  });
}

}  // namespace

std::vector<KeyFault> rsa_key_faults(const tpm::PublicKey& key, unsigned bits) {
  std::vector<KeyFault> faults;
  const auto modulus = openssl::big_number(key.modulus);
  const auto length = static_cast<unsigned>(BN_num_bits(modulus.get()));
  if (key.exponent != kDefaultExponent) {
    faults.push_back(
        {evidence::kExponent, fmt::format("the public exponent is {}, not 65537", key.exponent)});
  }
  if (length != bits) {
    faults.push_back(
        {evidence::kShortModulus, fmt::format("the modulus has {} bits, not {}", length, bits)});
  }
  if (has_roca_fingerprint(modulus.get())) {
    faults.push_back(
        {evidence::kRoca, "the modulus has the fingerprint of CVE-2017-15361 and can be factored"});
  }
  return faults;
}

namespace {

namespace alg = knowledge::alg;

struct RsaCheck {
  openssl::Key key;
  Bytes signature;  ///< exactly as long as the modulus, empty if its value is longer
  tpm::AlgId scheme = 0;
  tpm::AlgId hash = 0;
};

RsaCheck prepare(openssl::Key key, const tpm::Signature& signature) {
  const auto size = static_cast<std::size_t>(EVP_PKEY_get_size(key.get()));
  const auto value = openssl::big_number(signature.rsa);
  return {.key = std::move(key),
          .signature = openssl::octets(value.get(), size),
          .scheme = signature.algorithm,
          .hash = signature.hash};
}

/// Ready for EVP_PKEY_verify; null if OpenSSL does not have this scheme with this hash.
openssl::KeyContext context_of(const RsaCheck& check, int salt_length) {
  openssl::KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, check.key.get(), nullptr));
  const bool pss = check.scheme == alg::kRsapss;
  const int padding = pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING;
  const EVP_MD* hash = tpm::find_hash(check.hash);
  if (hash == nullptr || EVP_PKEY_verify_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), padding) != 1 ||
      EVP_PKEY_CTX_set_signature_md(context.get(), hash) != 1) {
    return nullptr;
  }
  if (pss && EVP_PKEY_CTX_set_rsa_pss_saltlen(context.get(), salt_length) != 1) return nullptr;
  return context;
}

bool holds(const RsaCheck& check, EVP_PKEY_CTX* context, ByteView digest) {
  return EVP_PKEY_verify(context, check.signature.data(), check.signature.size(), digest.data(),
                         digest.size()) == 1;
}

/// The signature raised to the public exponent (RSAVP1 of RFC 8017, 5.2.2).
Bytes recovered(const RsaCheck& check) {
  const openssl::KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, check.key.get(), nullptr));
  Bytes encoded(check.signature.size());
  std::size_t size = encoded.size();
  if (EVP_PKEY_verify_recover_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_NO_PADDING) != 1 ||
      EVP_PKEY_verify_recover(context.get(), encoded.data(), &size, check.signature.data(),
                              check.signature.size()) != 1) {
    return {};
  }
  return encoded;
}

VerifyOutcome judge(const RsaCheck& check, ByteView digest) {
  if (tpm::find_hash(check.hash) == nullptr) return not_checked("OpenSSL does not have the hash");
  if (digest.size() != tpm::digest_size(check.hash))
    return refused("the digest does not have the length of the hash");
  if (check.signature.empty()) return refused("the signature is longer than the modulus");
  // RSASSA with SM3: OpenSSL 3.0 has the hash and not the signature, 3.5 refuses the DigestInfo of
  // its own X509_SIG.
  const bool by_hand = check.scheme != alg::kRsapss && check.hash == alg::kSm3_256;
  const auto context = by_hand ? nullptr : context_of(check, RSA_PSS_SALTLEN_AUTO);
  if (context) return judged(holds(check, context.get(), digest));
  if (check.scheme == alg::kRsapss) return not_checked("OpenSSL has no RSAPSS with this hash");
  const Bytes expected = pkcs1_v15_encode(check.hash, digest, check.signature.size());
  return judged(!expected.empty() && recovered(check) == expected);
}

}  // namespace

VerifyOutcome verify_rsa(const tpm::PublicKey& key, const tpm::Signature& signature,
                         ByteView digest) {
  const openssl::QuietErrors quiet;
  auto made = rsa_key(key);
  if (!made) return refused(made.error().message);
  const RsaCheck check = prepare(std::move(*made), signature);
  VerifyOutcome outcome = judge(check, digest);
  outcome.by = openssl::version();
  outcome.shape_defect = size_defect("the signature", signature.rsa.size(), "modulus",
                                     static_cast<std::size_t>(EVP_PKEY_get_size(check.key.get())));
  if (!outcome.shape_defect.empty()) outcome.shape_evidence = knowledge::evidence::kRsaShort;
  return outcome;
}

std::optional<int> pss_salt_length(const tpm::PublicKey& key, const tpm::Signature& signature,
                                   ByteView digest) {
  const openssl::QuietErrors quiet;
  auto made = rsa_key(key);
  if (!made || signature.algorithm != alg::kRsapss) return std::nullopt;
  const RsaCheck check = prepare(std::move(*made), signature);
  const auto has = [&](int length) {
    const auto context = context_of(check, length);
    return context != nullptr && holds(check, context.get(), digest);
  };
  const int usual = static_cast<int>(digest.size());
  // RFC 8017, 9.1.1: emLen - hLen - 2, with emBits one less than the bits of the modulus.
  const int longest = (EVP_PKEY_get_bits(check.key.get()) + 6) / 8 - usual - 2;
  for (const int length : {usual, longest}) {
    if (has(length)) return length;
  }
  // One check tells whether any length fits at all.
  if (!judge(check, digest).valid) return std::nullopt;
  for (int length = 0; length < longest; ++length) {
    if (has(length)) return length;
  }
  return std::nullopt;
}

std::optional<Bytes> signed_digest(const tpm::PublicKey& key, const tpm::Signature& signature) {
  const openssl::QuietErrors quiet;
  auto made = rsa_key(key);
  if (!made || signature.algorithm != alg::kRsassa) return std::nullopt;
  const Bytes encoded = recovered(prepare(std::move(*made), signature));
  const std::size_t size = tpm::digest_size(signature.hash);
  if (size == 0 || encoded.size() < size) return std::nullopt;
  // The digest comes last; all before it is decided by the hash and the size.
  Bytes inside(encoded.end() - static_cast<std::ptrdiff_t>(size), encoded.end());
  if (pkcs1_v15_encode(signature.hash, inside, encoded.size()) != encoded) return std::nullopt;
  return inside;
}

Bytes pkcs1_v15_encode(tpm::AlgId hash, ByteView digest, std::size_t size) {
  const openssl::QuietErrors quiet;
  const EVP_MD* md = tpm::find_hash(hash);
  if (md == nullptr || digest.size() != tpm::digest_size(hash)) return {};
  const openssl::DigestInfo info(X509_SIG_new());
  X509_ALGOR* algorithm = nullptr;
  ASN1_OCTET_STRING* value = nullptr;
  X509_SIG_getm(info.get(), &algorithm, &value);
  X509_ALGOR_set0(algorithm, OBJ_nid2obj(EVP_MD_get_type(md)), V_ASN1_NULL, nullptr);
  ASN1_OCTET_STRING_set(value, digest.data(), static_cast<int>(digest.size()));
  Bytes der(static_cast<std::size_t>(i2d_X509_SIG(info.get(), nullptr)));
  std::uint8_t* out = der.data();
  i2d_X509_SIG(info.get(), &out);
  if (size < der.size() + 11) return {};
  Bytes encoded(size, 0xFF);
  encoded[0] = 0x00;
  encoded[1] = 0x01;
  encoded[size - der.size() - 1] = 0x00;
  std::copy(der.begin(), der.end(), encoded.end() - static_cast<std::ptrdiff_t>(der.size()));
  return encoded;
}

}  // namespace tpmprobe::probes
