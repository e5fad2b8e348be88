// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "knowledge/capabilities.h"
#include "knowledge/document.h"

namespace tpmprobe::knowledge {

/// How long an operation took on a real TPM of this firmware.
struct OperationTime {
  std::uint32_t command = 0;            ///< TPM_CC
  std::optional<std::uint16_t> type;    ///< TPM_ALG_ID of the key (rsa, ecc, keyedhash, symcipher)
  std::optional<std::uint16_t> size;    ///< RSA or AES: key bits
  std::optional<std::uint16_t> curve;   ///< ECC: TPM_ECC_CURVE
  std::optional<std::uint16_t> scheme;  ///< TPM_ALG_ID of the scheme, or mode
  std::optional<std::uint16_t> hash;    ///< TPM_ALG_ID
  double average_ms = 0, least_ms = 0, most_ms = 0;
};

/// A code that was measured for a use of something that the firmware has no support for.
struct MeasuredCode {
  std::uint32_t command = 0;  ///< TPM_CC
  std::optional<std::uint16_t> curve, scheme;
  std::uint32_t rc = 0;
};

/// What a firmware says that it has, and what was measured on it. A list that is not known is
/// nullopt: the emulator then has its own. The order of lists is the TPM's.
struct FirmwareProfile {
  std::string name;    ///< "amd-3.51.0.5"
  std::string source;  ///< where this is known from, one line; empty for a user's file
  std::optional<std::vector<AlgorithmEntry>> algorithms;
  std::optional<std::vector<std::uint16_t>> curves;
  std::optional<std::vector<std::uint32_t>> commands;  ///< TPMA_CC
  std::optional<std::vector<Property>> properties_fixed;
  std::optional<std::vector<std::uint16_t>> rsa_bits;  ///< key sizes that work
  std::optional<std::vector<std::uint16_t>> aes_bits;
  /// TPM2_GetCapability(TPM_CAP_ECC_CURVES) answers this code.
  std::optional<std::uint32_t> curves_refused;
  std::vector<std::string> quirks;  ///< ids of the measured defects, "Q23"
  std::vector<MeasuredCode> codes;
  std::vector<OperationTime> times;

  /// TPM_PT value, nullopt if the firmware does not give it.
  [[nodiscard]] std::optional<std::uint32_t> property(std::uint32_t tag) const;
};

/// A profile from a file of knowledge/firmware. Whatever is wrong with it is one error.
tl::expected<FirmwareProfile, DocumentError> read_profile(std::string_view text);

/// A profile from what somebody pasted: a file of knowledge/firmware, the text of tpm2_getcap (its
/// lists one after the other, in any order, some missing), or a JSON report of tpmprobe.
tl::expected<FirmwareProfile, DocumentError> read_any_profile(std::string_view text);

/// The names of all profiles, ascending.
std::vector<std::string_view> firmware_names();

/// The profile with this name (case is ignored), or nullopt. Compiled-in files are never malformed:
/// the tests read them all.
std::optional<FirmwareProfile> find_firmware(std::string_view name);

}  // namespace tpmprobe::knowledge
