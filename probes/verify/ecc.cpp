// SPDX-License-Identifier: BSD-2-Clause
#include "probes/verify/ecc.h"

#include <algorithm>

#include "knowledge/algorithm_ids.h"
#include "knowledge/evidence.h"
#include "probes/verify/public_key.h"
#include "probes/verify/verify.h"
#include "tpm/digest.h"

namespace tpmprobe::probes {

namespace equations {

namespace {

using openssl::big_number;
using openssl::BigNumber;

BigNumber number() {
  return BigNumber(BN_new());
}

/// [a]G + [b]Q.
openssl::Point combine(const Claim& claim, const BIGNUM* a, const BIGNUM* b) {
  const EC_GROUP* group = claim.curve.group.get();
  openssl::Point sum(EC_POINT_new(group));
  EC_POINT_mul(group, sum.get(), a, claim.key, b, nullptr);
  return sum;
}

/// [s]G - [t]Q.
openssl::Point commitment_point(const Claim& claim, const BIGNUM* t) {
  const openssl::BigNumberContext context(BN_CTX_new());
  const BigNumber minus_t = number();
  const BigNumber zero = number();
  BN_mod_sub(minus_t.get(), zero.get(), t, claim.curve.order(), context.get());
  return combine(claim, claim.s, minus_t.get());
}

/// The x coordinate, null for the point at infinity.
BigNumber x_of(const Claim& claim, const openssl::Point& point) {
  BigNumber x = number();
  const int found = EC_POINT_get_affine_coordinates(claim.curve.group.get(), point.get(), x.get(),
                                                    nullptr, nullptr);
  return found == 1 ? std::move(x) : nullptr;
}

/// The leftmost bits of the digest, as many as the group order has (ISO/IEC 14888-3, SEC 1 4.1.4).
BigNumber truncated(const Claim& claim, ByteView digest) {
  const int order_bits = BN_num_bits(claim.curve.order());
  BigNumber e = big_number(digest);
  const int excess = static_cast<int>(digest.size() * 8) - order_bits;
  if (excess > 0) BN_rshift(e.get(), e.get(), excess);
  return e;
}

Bytes hash_of_both(tpm::AlgId hash, ByteView first, ByteView second) {
  Bytes both(first.begin(), first.end());
  both.insert(both.end(), second.begin(), second.end());
  return tpm::digest(hash, both);
}

}  // namespace

bool ecdsa_holds(const Claim& claim, ByteView digest) {
  const BIGNUM* n = claim.curve.order();
  const openssl::BigNumberContext context(BN_CTX_new());
  const BigNumber u1 = number();
  const BigNumber u2 = number();
  const BigNumber w(BN_mod_inverse(nullptr, claim.s, n, context.get()));
  BN_mod_mul(u1.get(), truncated(claim, digest).get(), w.get(), n, context.get());
  BN_mod_mul(u2.get(), claim.r, w.get(), n, context.get());
  const BigNumber x = x_of(claim, combine(claim, u1.get(), u2.get()));
  if (x == nullptr) return false;
  BN_nnmod(x.get(), x.get(), n, context.get());
  return BN_cmp(x.get(), claim.r) == 0;
}

bool sm2_holds(const Claim& claim, ByteView digest) {
  const BIGNUM* n = claim.curve.order();
  const openssl::BigNumberContext context(BN_CTX_new());
  const BigNumber t = number();
  BN_mod_add(t.get(), claim.r, claim.s, n, context.get());
  if (BN_is_zero(t.get()) != 0) return false;
  const BigNumber x = x_of(claim, combine(claim, claim.s, t.get()));
  if (x == nullptr) return false;
  BN_mod_add(x.get(), x.get(), big_number(digest).get(), n, context.get());
  return BN_cmp(x.get(), claim.r) == 0;
}

bool ecschnorr_holds(const Claim& claim, tpm::AlgId hash, ByteView digest) {
  const BigNumber x = x_of(claim, commitment_point(claim, claim.r));
  if (x == nullptr) return false;
  Bytes hashed = hash_of_both(hash, openssl::octets(x.get(), claim.curve.field_octets), digest);
  hashed.resize(std::min(hashed.size(), claim.curve.order_octets));
  const BigNumber expected = big_number(hashed);
  if (BN_cmp(expected.get(), claim.r) == 0) return true;
  const openssl::BigNumberContext context(BN_CTX_new());
  BN_nnmod(expected.get(), expected.get(), claim.curve.order(), context.get());
  return BN_cmp(expected.get(), claim.r) == 0;
}

bool ecdaa_holds(const Claim& claim, tpm::AlgId hash, ByteView nonce, ByteView digest,
                 const EC_POINT* commitment) {
  const BigNumber t = big_number(hash_of_both(hash, nonce, digest));
  const openssl::Point found = commitment_point(claim, t.get());
  return EC_POINT_cmp(claim.curve.group.get(), found.get(), commitment, nullptr) == 0;
}

}  // namespace equations

namespace {

namespace alg = knowledge::alg;
namespace curve = knowledge::curve;

using openssl::BigNumber;

struct EccCheck {
  const Curve& curve;
  const tpm::PublicKey& key;
  const tpm::Signature& signature;
  ByteView digest;
  BigNumber r, s;
};

VerifyOutcome by_equation(VerifyOutcome outcome) {
  outcome.by = "EC_POINT";
  return outcome;
}

/// Whether EVP checks this scheme on this curve over a digest of this size. OpenSSL takes SM2 keys
/// for SM2 signatures alone, and only over 32 octets.
bool evp_can(const EccCheck& check) {
  const bool sm2_curve = check.curve.name->id == curve::kSm2P256;
  if (check.signature.algorithm == alg::kEcdsa) return !sm2_curve;
  return check.signature.algorithm == alg::kSm2 && sm2_curve && check.digest.size() == 32;
}

/// The signature as EVP wants it: DER of SEQUENCE { r INTEGER, s INTEGER } (RFC 3279, 2.2.3).
Bytes der_of(const EccCheck& check) {
  const openssl::EcdsaSignature pair(ECDSA_SIG_new());
  ECDSA_SIG_set0(pair.get(), BN_dup(check.r.get()), BN_dup(check.s.get()));
  Bytes der(static_cast<std::size_t>(i2d_ECDSA_SIG(pair.get(), nullptr)));
  std::uint8_t* out = der.data();
  i2d_ECDSA_SIG(pair.get(), &out);
  return der;
}

VerifyOutcome by_evp(const EccCheck& check) {
  const auto key = ecc_key(check.curve, check.key);
  if (!key) return refused(key.error().message);
  const openssl::KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key->get(), nullptr));
  if (EVP_PKEY_verify_init(context.get()) != 1) return not_checked("OpenSSL does not have it");
  const Bytes der = der_of(check);
  VerifyOutcome outcome = judged(EVP_PKEY_verify(context.get(), der.data(), der.size(),
                                                 check.digest.data(), check.digest.size()) == 1);
  outcome.by = openssl::version();
  return outcome;
}

VerifyOutcome ecdaa(const EccCheck& check, const equations::Claim& claim,
                    const tpm::Commitment* commitment) {
  if (commitment == nullptr) return not_checked("there is no commitment to check against");
  const openssl::Point point = decode_point(check.curve, commitment->x, commitment->y);
  if (point == nullptr) return refused("the point of the commitment is not on the curve");
  return judged(equations::ecdaa_holds(claim, check.signature.hash, check.signature.r, check.digest,
                                       point.get()));
}

VerifyOutcome by_our_own(const EccCheck& check, const tpm::Commitment* commitment) {
  const openssl::Point key = decode_point(check.curve, check.key.x, check.key.y);
  if (key == nullptr) return refused("the public point is not on the curve");
  const equations::Claim claim{check.curve, key.get(), check.r.get(), check.s.get()};
  const tpm::AlgId hash = check.signature.hash;
  switch (check.signature.algorithm) {
    case alg::kEcdsa:
      return judged(equations::ecdsa_holds(claim, check.digest));
    case alg::kSm2:
      return judged(equations::sm2_holds(claim, check.digest));
    default:
      break;
  }
  if (tpm::digest_size(hash) == 0) return not_checked("OpenSSL does not have the hash");
  if (check.signature.algorithm == alg::kEcdaa) return ecdaa(check, claim, commitment);
  return judged(equations::ecschnorr_holds(claim, hash, check.digest));
}

bool in_range(const BIGNUM* component, const BIGNUM* order) {
  return BN_is_zero(component) == 0 && BN_cmp(component, order) < 0;
}

/// Why the two components cannot be a signature, whatever was signed; empty if they can.
std::string impossible(const EccCheck& check) {
  const BIGNUM* order = check.curve.order();
  if (!in_range(check.s.get(), order)) return "s is not in [1, n-1]";
  if (BN_is_zero(check.r.get()) != 0) return "r is zero";
  // For ECSCHNORR r is a hash and for ECDAA a nonce: both may reach n and still be right.
  const tpm::AlgId scheme = check.signature.algorithm;
  const bool below_order = scheme == alg::kEcdsa || scheme == alg::kSm2;
  if (below_order && !in_range(check.r.get(), order)) return "r is not in [1, n-1]";
  return {};
}

VerifyOutcome judge(const EccCheck& check, const tpm::Commitment* commitment) {
  if (const std::string why = impossible(check); !why.empty()) return by_equation(refused(why));
  if (evp_can(check)) return by_evp(check);
  return by_equation(by_our_own(check, commitment));
}

std::string shape_defect(const EccCheck& check) {
  const std::size_t size = check.curve.order_octets;
  const tpm::Signature& signature = check.signature;
  // The reference code does not pad the nonce of ECDAA, and hashes it as it is.
  const bool bare_nonce = signature.algorithm == alg::kEcdaa && signature.r.size() < size;
  std::string defect = bare_nonce ? "" : size_defect("r", signature.r.size(), "group order", size);
  const std::string of_s = size_defect("s", signature.s.size(), "group order", size);
  if (!defect.empty() && !of_s.empty()) defect += "; ";
  defect += of_s;
  if (defect.empty() && BN_cmp(check.r.get(), check.curve.order()) >= 0) {
    defect = "r is not below the group order";
  }
  return defect;
}

std::string_view shape_evidence(const EccCheck& check) {
  const std::size_t least = std::min(check.signature.r.size(), check.signature.s.size());
  const std::size_t most = std::max(check.signature.r.size(), check.signature.s.size());
  if (most > check.curve.order_octets) return knowledge::evidence::kIntegerLong;
  return least < check.curve.order_octets ? knowledge::evidence::kIntegerShort : "";
}

}  // namespace

VerifyOutcome verify_ecc(const tpm::PublicKey& key, const tpm::Signature& signature,
                         ByteView digest, const tpm::Commitment* commitment) {
  const openssl::QuietErrors quiet;
  const Curve* curve = find_curve(key.curve);
  if (curve == nullptr) return not_checked("OpenSSL does not have the curve");
  const EccCheck check{*curve,
                       key,
                       signature,
                       digest,
                       openssl::big_number(signature.r),
                       openssl::big_number(signature.s)};
  VerifyOutcome outcome = judge(check, commitment);
  outcome.shape_defect = shape_defect(check);
  if (!outcome.shape_defect.empty()) outcome.shape_evidence = shape_evidence(check);
  return outcome;
}

}  // namespace tpmprobe::probes
