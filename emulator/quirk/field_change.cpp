// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/quirk/field_change.h"

#include <algorithm>
#include <string>

#include "emulator/quirk/condition.h"
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

}  // namespace tpmprobe::emulator
