// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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

/// TPMS_ALG_PROPERTY: an algorithm id with its TPMA_ALGORITHM bits.
struct AlgorithmEntry {
  std::uint16_t id = 0;
  std::uint32_t attributes = 0;
  bool operator==(const AlgorithmEntry&) const = default;
};

/// TPMS_PCR_SELECTION: which PCRs a bank holds, bit n of octet n/8 being PCR n.
struct PcrBank {
  std::uint16_t hash = 0;
  std::vector<std::uint8_t> select;
  bool operator==(const PcrBank&) const = default;
};

/// TPMS_TAGGED_PROPERTY.
struct Property {
  std::uint32_t tag = 0;
  std::uint32_t value = 0;
  bool operator==(const Property&) const = default;
};

/// The handles that exist, by the kinds of TPM 2.0 Part 2, clause 7.2 "TPM_HT".
struct HandleLists {
  std::optional<std::vector<std::uint32_t>> nv_index, loaded_session, saved_session, permanent,
      transient, persistent;
  bool operator==(const HandleLists&) const = default;
};

/// What a TPM says of itself in answer to TPM2_GetCapability (Part 3, 30.2). A list that could not
/// be read is nullopt, which is not the same as an empty one. The order is the TPM's.
struct Capabilities {
  std::optional<std::vector<AlgorithmEntry>> algorithms;
  std::optional<std::vector<std::uint16_t>> curves;
  std::optional<std::vector<std::uint32_t>> commands;  ///< TPMA_CC
  std::optional<std::vector<PcrBank>> pcr_banks;
  std::optional<std::vector<Property>> properties_fixed;
  std::optional<std::vector<Property>> properties_variable;
  HandleLists handles;

  [[nodiscard]] bool has_algorithm(std::uint16_t id) const;
  [[nodiscard]] bool has_curve(std::uint16_t id) const;
  /// Whether PCRs of this hash are allocated (Part 1, 17.8): a bank without any is listed too.
  [[nodiscard]] bool has_pcr_bank(std::uint16_t hash) const;
  /// By TPM_CC; vendor bit and attributes of the TPMA_CC are looked through.
  [[nodiscard]] bool has_command(std::uint32_t code) const;
  /// TPM_PT value of either group, nullopt if the TPM did not give it.
  [[nodiscard]] std::optional<std::uint32_t> property(std::uint32_t tag) const;
};

}  // namespace tpmprobe::knowledge
