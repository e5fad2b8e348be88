// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "cli/terminal/console.h"
#include "emulator/emulation.h"
#include "reports/model.h"
#include "tpm/transport/transport.h"

namespace tpmprobe::cli {

/// Which TPM the user wants.
struct TargetChoice {
  std::optional<std::string> tcti;       ///< --tcti
  bool emulated = false;                 ///< --emulated
  emulator::EmulationSpec pretend = {};  ///< what the embedded TPM shall be
};

/// A TPM that was found, and the clock that its transports go by.
struct Target {
  std::unique_ptr<tpm::Clock> clock;
  tpm::TransportPtr transport;
  std::string name;      ///< for the report: "embedded", "device:/dev/tpmrm0"
  std::string lock_key;  ///< names the TPM for TpmLock
  bool emulated = false;
  reports::Emulation emulation = {};  ///< what it pretends
};

/// Why there is none: one line, a hint if there is one to give, and the exit code.
struct NoTarget {
  std::string message, hint;
  ExitCode exit_code = kExitNoTpm;
};

/// What the choice depends on, so that a test can change it.
struct Surroundings {
  std::function<std::optional<std::string>(const char*)> environment;
  std::string managed_device = "/dev/tpmrm0";
};

/// Opens --tcti, or the embedded TPM, or by default $TPM2TOOLS_TCTI (and no other if that does not
/// work), else /dev/tpmrm0, else tpm2-abrmd.
tl::expected<Target, NoTarget> open_target(const TargetChoice& choice,
                                           const Surroundings& surroundings);

}  // namespace tpmprobe::cli
