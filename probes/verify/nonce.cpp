// SPDX-License-Identifier: BSD-2-Clause
#include "probes/verify/nonce.h"

#include <algorithm>
#include <array>
#include <vector>

#include "knowledge/evidence.h"

namespace tpmprobe::probes {
namespace {

namespace evidence = knowledge::evidence;
using openssl::BigNumber;

constexpr int kBits = 32;
constexpr std::size_t kFewest = 3;

/// k and n - k: which of the two a signer had cannot be seen.
using Candidates = std::array<BigNumber, 2>;

Candidates candidates_of(const Curve& curve, const BigNumber& nonce) {
  BigNumber other(BN_new());
  BN_sub(other.get(), curve.order(), nonce.get());
  return {BigNumber(BN_dup(nonce.get())), std::move(other)};
}

bool is_short(const Curve& curve, const Candidates& candidates) {
  return std::ranges::any_of(candidates, [&](const BigNumber& k) {
    return BN_num_bits(k.get()) < BN_num_bits(curve.order()) - kBits;
  });
}

BigNumber low_bits(const BigNumber& number) {
  BigNumber low(BN_dup(number.get()));
  if (BN_num_bits(low.get()) > kBits) BN_mask_bits(low.get(), kBits);
  return low;
}

bool can_end_with(const Candidates& candidates, const BigNumber& low) {
  return std::ranges::any_of(
      candidates, [&](const BigNumber& k) { return BN_cmp(low_bits(k).get(), low.get()) == 0; });
}

bool are_equal(const Candidates& one, const Candidates& other) {
  return std::ranges::any_of(
      other, [&](const BigNumber& k) { return BN_cmp(one[0].get(), k.get()) == 0; });
}

bool can_end_alike(std::span<const Candidates> all) {
  return std::ranges::any_of(all.front(), [&](const BigNumber& first) {
    const BigNumber low = low_bits(first);
    return std::ranges::all_of(
        all, [&](const Candidates& candidates) { return can_end_with(candidates, low); });
  });
}

bool has_equal_two(std::span<const Candidates> all) {
  for (std::size_t i = 1; i < all.size(); ++i) {
    const auto earlier = all.first(i);
    if (std::ranges::any_of(earlier, [&](const auto& other) { return are_equal(other, all[i]); })) {
      return true;
    }
  }
  return false;
}

}  // namespace

BigNumber ecdsa_nonce(const Curve& curve, const BIGNUM* secret, const tpm::Signature& signature,
                      ByteView digest) {
  const openssl::QuietErrors quiet;
  const BIGNUM* n = curve.order();
  if (static_cast<int>(digest.size() * 8) > BN_num_bits(n)) return nullptr;
  const openssl::BigNumberContext context(BN_CTX_new());
  const BigNumber s = openssl::big_number(signature.s);
  const BigNumber inverse(BN_mod_inverse(nullptr, s.get(), n, context.get()));
  if (inverse == nullptr) return nullptr;
  BigNumber k(BN_new());
  BN_mod_mul(k.get(), openssl::big_number(signature.r).get(), secret, n, context.get());
  BN_mod_add(k.get(), k.get(), openssl::big_number(digest).get(), n, context.get());
  BN_mod_mul(k.get(), k.get(), inverse.get(), n, context.get());
  return k;
}

std::string_view nonce_evidence(const Curve& curve, std::span<const BigNumber> nonces) {
  if (nonces.size() < kFewest) return {};
  std::vector<Candidates> all;
  for (const BigNumber& nonce : nonces) all.push_back(candidates_of(curve, nonce));
  const auto is_short_here = [&](const Candidates& one) { return is_short(curve, one); };
  if (std::ranges::all_of(all, is_short_here)) return evidence::kNonceShort;
  return can_end_alike(all) || has_equal_two(all) ? evidence::kNonceLowBits : std::string_view();
}

}  // namespace tpmprobe::probes
