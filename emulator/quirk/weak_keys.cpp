// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/quirk/weak_keys.h"

#include <algorithm>
#include <array>
#include <vector>

#include "tpm/layers/header.h"

namespace tpmprobe::emulator {
namespace {

constexpr std::uint32_t kGenerator = 65537;  // of the subgroups of CVE-2017-15361
constexpr int kMissingBits = 64;             // of a short modulus
constexpr int kPowerBits = 64;  // of a in 65537^a: many more residues than anybody makes keys
constexpr std::size_t kSizeOfSize = 2;

/// How many primes CVE-2017-15361 multiplies to M, for moduli of up to so many bits.
struct RocaSize {
  int bits;
  std::size_t primes;
};
constexpr std::array<RocaSize, 4> kRocaSizes{
    {{960, 39}, {1952, 71}, {3936, 126}, {INT32_MAX, 225}}};

BigNumberContext make_context() {
  return BigNumberContext(BN_CTX_new());
}

/// The product of the first primes.
BigNumber primorial(std::size_t count) {
  BigNumber product = number(1);
  std::vector<unsigned> primes;
  for (unsigned candidate = 2; primes.size() < count; ++candidate) {
    if (std::ranges::any_of(primes, [&](unsigned prime) { return candidate % prime == 0; })) {
      continue;
    }
    primes.push_back(candidate);
    BN_mul_word(product.get(), candidate);
  }
  return product;
}

/// So that the product of two such numbers has the bits of both.
bool has_top_bits(const BIGNUM* prime, int bits) {
  return BN_num_bits(prime) == bits && BN_is_bit_set(prime, bits - 2) != 0;
}

BigNumber any_prime(int bits) {
  BigNumber prime = number();
  if (BN_generate_prime_ex(prime.get(), bits, 0, nullptr, nullptr, nullptr) != 1) return nullptr;
  return prime;
}

/// k * M + (65537^a mod M), which need not be a prime.
BigNumber roca_candidate(int bits, const BIGNUM* product, BN_CTX* context) {
  const BigNumber power = number();
  BigNumber candidate = number();
  const BigNumber rest = number();
  BN_rand(power.get(), kPowerBits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY);
  BN_rand(candidate.get(), bits, BN_RAND_TOP_TWO, BN_RAND_BOTTOM_ANY);
  BN_mod(rest.get(), candidate.get(), product, context);
  BN_sub(candidate.get(), candidate.get(), rest.get());
  BN_mod_exp(rest.get(), number(kGenerator).get(), power.get(), product, context);
  BN_add(candidate.get(), candidate.get(), rest.get());
  return candidate;
}

BigNumber roca_prime(int bits) {
  const auto* size =
      std::ranges::find_if(kRocaSizes, [&](const RocaSize& row) { return 2 * bits <= row.bits; });
  const BigNumber product = primorial(size->primes);
  const auto context = make_context();
  while (true) {
    BigNumber candidate = roca_candidate(bits, product.get(), context.get());
    if (!has_top_bits(candidate.get(), bits)) continue;
    const int found = BN_check_prime(candidate.get(), context.get(), nullptr);
    if (found < 0) return nullptr;
    if (found == 1) return candidate;
  }
}

/// A prime of this shape to which the exponent has an inverse.
BigNumber make_prime(KeyShape shape, int bits, const BIGNUM* exponent) {
  const auto context = make_context();
  const BigNumber divisor = number();
  while (true) {
    BigNumber prime = shape == KeyShape::roca ? roca_prime(bits) : any_prime(bits);
    if (prime == nullptr) return nullptr;
    const BigNumber before(BN_dup(prime.get()));
    BN_sub_word(before.get(), 1);
    BN_gcd(divisor.get(), before.get(), exponent, context.get());
    if (BN_is_one(divisor.get()) != 0) return prime;
  }
}

std::optional<RsaPrivate> rsa_of(const BIGNUM* first, const BIGNUM* second, BigNumber exponent) {
  const auto context = make_context();
  BigNumber modulus = number();
  const BigNumber order = number();
  BN_mul(modulus.get(), first, second, context.get());
  // (p - 1)(q - 1) = n - p - q + 1
  BN_sub(order.get(), modulus.get(), first);
  BN_sub(order.get(), order.get(), second);
  BN_add_word(order.get(), 1);
  BigNumber secret(BN_mod_inverse(nullptr, exponent.get(), order.get(), context.get()));
  if (secret == nullptr) return std::nullopt;
  return RsaPrivate{std::move(modulus), std::move(exponent), std::move(secret)};
}

}  // namespace

std::optional<RsaPrivate> make_rsa(const RsaTemplate& wanted, BigNumber& common) {
  const int bits = (wanted.bits - (wanted.shape == KeyShape::short_modulus ? kMissingBits : 0)) / 2;
  BigNumber exponent = number(wanted.exponent);
  if (wanted.shape == KeyShape::exponent_3) exponent = number(3);
  BigNumber own;
  BigNumber& first = wanted.shape == KeyShape::shared_prime ? common : own;
  if (first == nullptr) first = make_prime(wanted.shape, bits, exponent.get());
  const BigNumber second = make_prime(wanted.shape, bits, exponent.get());
  if (first == nullptr || second == nullptr) return std::nullopt;
  return rsa_of(first.get(), second.get(), std::move(exponent));
}

std::optional<RsaPrivate> rsa_from_prime(const PublicHalf& key, ByteView prime) {
  const BigNumber first = number(prime);
  const BigNumber second = number();
  const BigNumber rest = number();
  if (BN_is_zero(first.get()) != 0 ||
      BN_div(second.get(), rest.get(), number(key.unique).get(), first.get(),
             make_context().get()) != 1 ||
      BN_is_zero(rest.get()) == 0) {
    return std::nullopt;
  }
  return rsa_of(first.get(), second.get(), number(key.public_exponent()));
}

std::optional<EccPrivate> make_ecc(EcGroup curve) {
  BigNumber secret = number();
  while (BN_is_zero(secret.get()) != 0) {
    if (BN_rand_range(secret.get(), EC_GROUP_get0_order(curve.get())) != 1) return std::nullopt;
  }
  return EccPrivate{std::move(curve), std::move(secret)};
}

Bytes point_of(const EccPrivate& key) {
  const EC_GROUP* curve = key.curve.get();
  const EcPoint point(EC_POINT_new(curve));
  const std::array<BigNumber, 2> coordinates{number(), number()};
  EC_POINT_mul(curve, point.get(), key.secret.get(), nullptr, nullptr, nullptr);
  EC_POINT_get_affine_coordinates(curve, point.get(), coordinates[0].get(), coordinates[1].get(),
                                  nullptr);
  const std::size_t size = octets_for(EC_GROUP_get_degree(curve));
  Bytes octets;
  for (const BigNumber& coordinate : coordinates) {
    octets.resize(octets.size() + kSizeOfSize);
    tpm::header::store(octets, octets.size() - kSizeOfSize, kSizeOfSize, size);
    const Bytes value = octets_of(coordinate.get(), size);
    octets.insert(octets.end(), value.begin(), value.end());
  }
  return octets;
}

}  // namespace tpmprobe::emulator
