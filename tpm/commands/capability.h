// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "knowledge/capabilities.h"
#include "tpm/session.h"

namespace tpmprobe::tpm {

/// A list of TPM2_GetCapability that could not be read, or not to its end.
struct CapabilityFault {
  std::string list;  ///< key of the report: "algorithms", "handles.transient"
  Error error;
};

/// What was read, and what could not be. A list that broke off in the middle keeps what came before
/// and has a fault beside it.
struct CapabilityReading {
  knowledge::Capabilities capabilities;
  std::vector<CapabilityFault> faults;
};

/// Reads every list of the report, page by page. Pages that do not get on (the same entries again
/// with `moreData` set, or none) end in a `malformed` fault and not in a loop.
CapabilityReading read_capabilities(Session& session);

/// One TPM_PT, or nullopt if the TPM has none with this tag (it then answers with the next one).
Expected<std::optional<std::uint32_t>> read_property(Session& session, std::uint32_t tag);

/// The handles of the kind that starts at `first` (Part 2, 7.2: 0x80000000 transient).
Expected<std::vector<std::uint32_t>> read_handles(Session& session, std::uint32_t first);

}  // namespace tpmprobe::tpm
