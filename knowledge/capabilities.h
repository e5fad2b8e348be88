// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace tpmprobe::knowledge {

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
