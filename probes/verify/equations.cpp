// SPDX-License-Identifier: BSD-2-Clause
#include "probes/verify/equations.h"

#include <algorithm>

#include "tpm/digest.h"

namespace tpmprobe::probes::equations {
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

}  // namespace tpmprobe::probes::equations
