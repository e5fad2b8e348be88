// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/quirk/field_change.h"

#include <algorithm>
#include <string>

#include "emulator/quirk/quirk_layer.h"
#include "emulator/quirk/response_change.h"
#include "tpm/digest.h"
#include "tpm/layers/header.h"

namespace tpmprobe::emulator {
namespace {

namespace header = tpm::header;
using knowledge::WireField;

constexpr unsigned kOctetBits = 8;

Bytes integer(std::uint64_t value, std::size_t size) {
  Bytes octets(size);
  header::store(octets, 0, size, value);
  return octets;
}

Bytes flipped(ByteView octets, std::uint64_t bit) {
  Bytes changed(octets.begin(), octets.end());
  if (bit / kOctetBits < changed.size()) changed[bit / kOctetBits] ^= 1U << (bit % kOctetBits);
  return changed;
}

Bytes resized(ByteView octets, std::uint64_t size) {
  Bytes changed(octets.begin(), octets.end());
  changed.resize(size);
  return changed;
}

Bytes padded(ByteView octets, std::uint64_t zeros) {
  Bytes changed(zeros);
  changed.insert(changed.end(), octets.begin(), octets.end());
  return changed;
}

Bytes stripped(ByteView octets) {
  const auto first = std::ranges::find_if(octets, [](std::uint8_t octet) { return octet != 0; });
  return {first, octets.end()};
}

/// Adds to the size fields of everything that the path lies in: "a.size" for "a.b.buffer".
void adjust_sizes(const tpm::Parameters& parameters, std::string_view path, std::int64_t more,
                  Bytes& message) {
  for (std::size_t dot = path.rfind('.'); dot != std::string_view::npos;
       dot = dot == 0 ? std::string_view::npos : path.rfind('.', dot - 1)) {
    const auto* size = parameters.find(std::string(path.substr(0, dot)) + ".size");
    if (size == nullptr || !size->is_integer) continue;
    header::store(message, size->offset, size->size,
                  static_cast<std::uint64_t>(static_cast<std::int64_t>(size->value) + more));
  }
}

}  // namespace

const WireField* find_named(const tpm::Parameters& parameters, std::string_view pattern) {
  const auto found = std::ranges::find_if(
      parameters.fields, [&](const WireField& field) { return names(pattern, field.path); });
  return found == parameters.fields.end() ? nullptr : &*found;
}

Bytes changed_octets(Change change, std::uint64_t value, const WireField& field, ByteView octets) {
  switch (change) {
    case Change::set:
      return integer(value, field.size);
    case Change::add:
      return integer(field.value + value, field.size);
    case Change::flip_bit:
      return flipped(octets, value);
    case Change::fill:
      return Bytes(octets.size(), static_cast<std::uint8_t>(value));
    case Change::resize:
      return resized(octets, value);
    case Change::pad_left:
      return padded(octets, value);
    case Change::strip_leading_zeros:
      return stripped(octets);
  }
  return {octets.begin(), octets.end()};
}

Bytes replace_field(const tpm::Parameters& parameters, const WireField& field,
                    const Bytes& octets) {
  const auto before = parameters.message.first(field.offset);
  const auto after = parameters.message.subspan(field.offset + field.size);
  Bytes changed(before.begin(), before.end());
  changed.insert(changed.end(), octets.begin(), octets.end());
  changed.insert(changed.end(), after.begin(), after.end());
  const auto more =
      static_cast<std::int64_t>(octets.size()) - static_cast<std::int64_t>(field.size);
  adjust_sizes(parameters, field.path, more, changed);
  header::store(changed, header::kSizeOffset, 4, changed.size());
  return changed;
}

namespace {

namespace header = tpm::header;
using knowledge::WireField;

constexpr std::uint16_t kSha256 = 0x000B;
constexpr std::size_t kCounterSize = 4;

bool begins_with_zero(const tpm::WireExchange& wire,
                      const std::vector<knowledge::FieldPattern>& paths) {
  // An error code: no try would bring anything else.
  if (wire.success() == nullptr) return true;
  return std::ranges::any_of(paths, [&](const std::string& path) {
    const ByteView octets = octets_at(wire.given(), path);
    return !octets.empty() && octets.front() == 0;
  });
}

/// So many octets from this seed.
Bytes stream(std::uint32_t seed, std::size_t size) {
  Bytes octets;
  Bytes block(2 * kCounterSize);
  header::store(block, 0, kCounterSize, seed);
  for (std::uint32_t counter = 0; octets.size() < size; ++counter) {
    header::store(block, kCounterSize, kCounterSize, counter);
    const Bytes digest = tpm::digest(kSha256, block);
    octets.insert(octets.end(), digest.begin(), digest.end());
  }
  octets.resize(size);
  return octets;
}

/// Another seed of so many bits at each call, in an order that looks like chance.
std::uint32_t next_seed(unsigned bits, std::optional<Bytes>& kept) {
  if (!kept) kept = Bytes(kCounterSize);
  const auto counter = header::load(*kept, 0, kCounterSize);
  header::store(*kept, 0, kCounterSize, counter + 1);
  const auto mask = bits < 32 ? (std::uint32_t{1} << bits) - 1 : UINT32_MAX;
  return static_cast<std::uint32_t>(header::load(tpm::digest(kSha256, *kept), 0, kCounterSize)) &
         mask;
}

}  // namespace

Expected<void> apply(const ChangeResponse& effect, Exchange& exchange) {
  return exchange.pass_on().map([&] {
    change_response(exchange, effect.path, [&](const WireField& field, ByteView octets) {
      return changed_octets(effect.change, effect.value, field, octets);
    });
  });
}

Expected<void> apply(const ChangeCommand& effect, Exchange& exchange) {
  const tpm::Parameters& asked = exchange.wire.asked();
  const WireField* field = find_named(asked, effect.path);
  if (field == nullptr) return exchange.pass_on();
  const Bytes octets = changed_octets(effect.change, effect.value, *field, asked.octets(*field));
  return exchange.pass_on_instead(
      exchange.book.authorize_command(exchange.wire, replace_field(asked, *field, octets)));
}

Expected<void> apply(const UntilLeadingZero& effect, Exchange& exchange) {
  auto passed = exchange.pass_on();
  const unsigned tries = has_passwords_only(exchange.wire) ? effect.tries : 1;
  for (unsigned done = 1; done < tries && passed; ++done) {
    if (begins_with_zero(exchange.wire, effect.paths)) break;
    passed = exchange.pass_on();
  }
  return passed;
}

Expected<void> apply(const WeakRandom& effect, Exchange& exchange) {
  return exchange.pass_on().map([&] {
    const std::uint32_t seed = next_seed(effect.seed_bits, exchange.kept);
    change_response(exchange, "randomBytes.buffer",
                    [&](const WireField&, ByteView octets) { return stream(seed, octets.size()); });
  });
}

}  // namespace tpmprobe::emulator
