// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/quirk/key_vault.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "emulator/quirk/command_view.h"
#include "emulator/quirk/weak_keys.h"
#include "knowledge/algorithm_ids.h"
#include "knowledge/command_codes.h"
#include "tpm/layers/header.h"

namespace tpmprobe::emulator {
namespace {

namespace alg = knowledge::alg;
namespace cc = knowledge::cc;
namespace header = tpm::header;
using knowledge::WireField;

constexpr std::size_t kHandleSize = 4;
constexpr std::size_t kCurveSize = 2;
constexpr std::size_t kMostSignatures = 256;

/// Octets of the field in a message; none if there is no such field.
ByteView octets_at(const std::vector<WireField>& fields, std::string_view path, ByteView message) {
  const WireField* field = knowledge::find_field(fields, path);
  return field == nullptr ? ByteView() : message.subspan(field->offset, field->size);
}

/// A command without sessions that has one integer and nothing else.
Bytes ask_about(std::uint32_t code, std::uint32_t what, std::size_t size) {
  Bytes command = header::response(code);
  command.resize(header::kSize + size);
  header::store(command, header::kSizeOffset, 4, command.size());
  header::store(command, header::kSize, size, what);
  return command;
}

/// An answer of the TPM, read.
struct Answer {
  Bytes octets;
  std::vector<WireField> fields;

  [[nodiscard]] ByteView at(std::string_view path) const { return octets_at(fields, path, octets); }
};

Answer ask(tpm::Transport& tpm, const Bytes& command) {
  auto response = tpm.transmit(command, tpm::kNoDeadline);
  if (!response) return {};
  const CommandView view(command);
  const auto split = view.split_response(*response);
  if (!split) return {};
  auto fields = view.fields_of(*split);
  return {std::move(*response), std::move(fields)};
}

template <typename Keys>
const OwnKey* find_in(const Keys& keys, PublicHalf OwnKey::* side, const PublicHalf& half) {
  const auto found = std::ranges::find(keys, half, side);
  return found == keys.end() ? nullptr : &*found;
}

}  // namespace

void KeyVault::learn(ByteView command, ByteView response) {
  if (knowledge::command_code(command) != cc::kLoadExternal) return;
  if (knowledge::response_code(response) != 0) return;
  const CommandView view(command);
  const auto at = [&](std::string_view path) { return octets_at(view.fields(), path, command); };
  const auto area = read_public_area(at("inPublic.publicArea"));
  if (!area || find_real(area->half) != nullptr) return;
  const ByteView prime = at("inPrivate.sensitiveArea.sensitive.rsa.buffer");
  const ByteView scalar = at("inPrivate.sensitiveArea.sensitive.ecc.buffer");
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
  const Answer answer = ask(tpm_, ask_about(cc::kReadPublic, handle, kHandleSize));
  const auto area = read_public_area(answer.at("outPublic.publicArea"));
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
  const Answer told = ask(tpm_, ask_about(knowledge::cc::kEccParameters, curve, kCurveSize));
  const auto at = [&](std::string_view name) {
    return number(told.at("parameters." + std::string(name) + ".buffer"));
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
