// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "knowledge/document.h"

namespace tpmprobe::knowledge {

/// What a TPM says of itself that advisories ask for.
struct FirmwareFacts {
  std::string manufacturer;                         ///< TPM_PT_MANUFACTURER, trimmed
  std::optional<std::uint64_t> version;             ///< TPM_PT_FIRMWARE_VERSION_1 << 32 | _2
  std::optional<std::uint32_t> specification_year;  ///< TPM_PT_YEAR
};

/// Firmware that an advisory is about. All that is given must hold.
struct AdvisoryMatch {
  std::string manufacturer;
  std::uint64_t from = 0, to = UINT64_MAX;                 ///< versions, both included
  std::uint64_t mask = 0, equals = 0;                      ///< (version & mask) == equals
  std::optional<std::uint32_t> specification_before = {};  ///< TPM_PT_YEAR is less
};

/// Something published about TPMs that a person should know.
struct Advisory {
  std::string id;  ///< "CVE-2017-15361"
  std::string title;
  std::string severity;  ///< of the finding: "info", "warning", "error"
  bool certain = true;   ///< else the firmware number alone does not decide
  std::string meaning;   ///< what it means for ssh keys
  std::string advice;
  std::vector<std::string> sources;
  std::vector<AdvisoryMatch> firmware;
  std::vector<std::string> quirks;  ///< ids of quirks that show it by behaviour
};

/// Whether one of the advisory's matches fits. What a TPM does not say fits nothing that asks for
/// it.
bool is_about(const Advisory& advisory, const FirmwareFacts& facts);

/// Advisories from their file; whatever is wrong with it is one error.
tl::expected<std::vector<Advisory>, DocumentError> read_advisories(std::string_view text);

/// All advisories that are compiled in.
const std::vector<Advisory>& advisories();

}  // namespace tpmprobe::knowledge
