// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "knowledge/firmware_profile/profile.h"
#include "knowledge/quirk/quirk.h"
#include "tpm/transport/transport.h"

namespace tpmprobe::emulator {

/// What a TPM shall pretend.
struct EmulationSpec {
  std::optional<knowledge::FirmwareProfile> firmware;
  std::vector<knowledge::Quirk> quirks;  ///< beside those of the firmware
  bool measured_latency = false;         ///< answers come as late as they were measured
};

/// A TPM that pretends.
struct EmulatedStack {
  tpm::TransportPtr top;
  std::vector<std::string> missing;  ///< see FirmwareLayer; and "defect Q23" without a file
};

/// Puts the layers of `spec` on a TPM: firmware, then quirks, then latency. `clock` outlives the
/// stack. Errors: those of FirmwareLayer.
Expected<EmulatedStack> emulate(tpm::TransportPtr engine, EmulationSpec spec, tpm::Clock& clock);

}  // namespace tpmprobe::emulator
