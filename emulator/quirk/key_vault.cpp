// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/quirk/key_vault.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "knowledge/algorithm_ids.h"
#include "knowledge/command_codes.h"
#include "tpm/command_builder.h"
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

namespace {

namespace alg = knowledge::alg;
namespace cc = knowledge::cc;

constexpr std::size_t kMostSignatures = 256;

template <typename Keys>
const OwnKey* find_in(const Keys& keys, PublicHalf OwnKey::* side, const PublicHalf& half) {
  const auto found = std::ranges::find(keys, half, side);
  return found == keys.end() ? nullptr : &*found;
}

}  // namespace

void KeyVault::learn(const tpm::WireExchange& exchange) {
  if (exchange.code() != cc::kLoadExternal || exchange.rc() != 0) return;
  const tpm::Parameters& asked = exchange.asked();
  const auto area = read_public_area(asked.octets("inPublic.publicArea"));
  if (!area || find_real(area->half) != nullptr) return;
  const ByteView prime = asked.octets("inPrivate.sensitiveArea.sensitive.rsa.buffer");
  const ByteView scalar = asked.octets("inPrivate.sensitiveArea.sensitive.ecc.buffer");
  if (!prime.empty()) {
    if (auto key = rsa_from_prime(area->half, prime)) {
      keep(OwnKey{area->half, area->half, std::move(*key)});
    }
  }
  if (!scalar.empty()) {
    if (auto curve = curve_of(area->curve)) {
      keep(OwnKey{area->half, area->half, EccPrivate{std::move(curve), number(scalar)}});
    }
  }
}

const OwnKey* KeyVault::find(std::uint32_t handle) {
  if (empty()) return nullptr;
  tpm::WireExchange question(tpm::CommandBuilder(cc::kReadPublic).handle(handle).build());
  if (!tpm_.carry(question, tpm::kNoDeadline)) return nullptr;
  const auto area = read_public_area(question.given().octets("outPublic.publicArea"));
  return area ? find_real(area->half) : nullptr;
}

const OwnKey* KeyVault::find_real(const PublicHalf& half) const {
  return find_in(keys_, &OwnKey::real, half);
}

const OwnKey* KeyVault::find_shown(const PublicHalf& half) const {
  return find_in(keys_, &OwnKey::shown, half);
}

const OwnKey* KeyVault::substitute(KeyShape shape, const PublicArea& real) {
  if (const OwnKey* known = find_real(real.half)) return known;
  return keep(real.type == alg::kRsa ? make_rsa_for(shape, real) : make_ecc_for(real));
}

std::optional<OwnKey> KeyVault::make_rsa_for(KeyShape shape, const PublicArea& real) {
  const auto bits = static_cast<int>(real.bits);
  auto key = make_rsa({shape, bits, real.half.public_exponent()}, common_primes_[real.bits]);
  if (!key) return std::nullopt;
  PublicHalf shown{octets_of(key->modulus.get(), real.half.unique.size()), real.half.exponent};
  if (shape == KeyShape::exponent_3) {
    shown.exponent = static_cast<std::uint32_t>(BN_get_word(key->exponent.get()));
  }
  return OwnKey{real.half, std::move(shown), std::move(*key)};
}

std::optional<OwnKey> KeyVault::make_ecc_for(const PublicArea& real) {
  auto curve = curve_of(real.curve);
  if (curve == nullptr) return std::nullopt;
  auto key = make_ecc(std::move(curve));
  if (!key) return std::nullopt;
  PublicHalf shown{point_of(*key), real.half.exponent};
  return OwnKey{real.half, std::move(shown), std::move(*key)};
}

const OwnKey* KeyVault::keep(std::optional<OwnKey> key) {
  if (!key) return nullptr;
  keys_.push_back(std::move(*key));
  return &keys_.back();
}

void KeyVault::keep_signature(const Bytes& made, Bytes shown) {
  const Bytes* real = real_signature(made);
  ShownSignature kept{real == nullptr ? made : *real, std::move(shown)};
  if (signatures_.size() == kMostSignatures) signatures_.pop_front();
  signatures_.push_back(std::move(kept));
}

const Bytes* KeyVault::real_signature(ByteView shown) const {
  const auto found = std::ranges::find_if(signatures_, [&](const ShownSignature& kept) {
    return std::ranges::equal(kept.shown, shown);
  });
  return found == signatures_.end() ? nullptr : &found->real;
}

EcGroup KeyVault::curve_of(std::uint16_t curve) {
  tpm::WireExchange question(tpm::CommandBuilder(cc::kEccParameters).parameter(curve).build());
  if (!tpm_.carry(question, tpm::kNoDeadline)) return nullptr;
  const auto at = [&](std::string_view name) {
    return number(question.given().octets("parameters." + std::string(name) + ".buffer"));
  };
  EcGroup group(EC_GROUP_new_curve_GFp(at("p").get(), at("a").get(), at("b").get(), nullptr));
  if (group == nullptr) return nullptr;
  const EcPoint generator(EC_POINT_new(group.get()));
  if (EC_POINT_set_affine_coordinates(group.get(), generator.get(), at("gX").get(), at("gY").get(),
                                      nullptr) != 1 ||
      EC_GROUP_set_generator(group.get(), generator.get(), at("n").get(), at("h").get()) != 1) {
    return nullptr;
  }
  return group;
}

}  // namespace tpmprobe::emulator
