// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tpmprobe::knowledge {

/// One bit of an attribute structure of TPM 2.0 Part 2, clause 8.
struct BitName {
  std::string_view name;  ///< "inLockout"
  std::uint8_t bit = 0;   ///< 0 is the least significant
};

/// An attribute structure: "TPMA_PERMANENT" and its bits, from properties.json.
struct BitField {
  std::string_view name;
  std::span<const BitName> bits;
};

/// All attribute structures.
std::span<const BitField> bit_fields();

/// The attribute structure of this name, or null.
const BitField* find_bit_field(std::string_view name);

/// The mask of a named bit: bit_mask("TPMA_PERMANENT", "inLockout") is 0x200. nullopt if there is
/// no such structure or bit.
std::optional<std::uint32_t> bit_mask(std::string_view field, std::string_view bit);

/// The names of the bits that are set, by ascending bit with a blank between; bits without a name
/// follow as one number: "ownerAuthSet inLockout 0x00000800". Empty for 0. Numbers inside an
/// attribute structure (the command index of TPMA_CC) have no names and so are part of that number.
std::string bit_words(std::string_view field, std::uint32_t value);

}  // namespace tpmprobe::knowledge
