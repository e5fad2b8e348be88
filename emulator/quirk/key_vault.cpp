// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/quirk/key_vault.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "emulator/quirk/weak_keys.h"
#include "knowledge/algorithm_ids.h"
#include "knowledge/command_codes.h"
#include "tpm/command_builder.h"

namespace tpmprobe::emulator {
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
