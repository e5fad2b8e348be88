// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>

#include "probes/key_store.h"
#include "result/result.h"
#include "tpm/commands/capability.h"

namespace tpmprobe::probes {

/// What a running probe may use.
struct Workbench {
  tpm::Session& session;
  const tpm::Recorder& recorder;
  const tpm::CapabilityReading& reading;
  const Identity& identity;
  KeyStore& keys;
  const std::string& openssh;  ///< "OpenSSH_9.2p1", empty if it is not installed
  /// Object slots that were freed after `reading` was made (leftovers of earlier runs).
  std::uint32_t slots_regained = 0;

  [[nodiscard]] const knowledge::Capabilities& capabilities() const { return reading.capabilities; }
};

}  // namespace tpmprobe::probes
