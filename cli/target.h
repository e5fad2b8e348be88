// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "cli/terminal/console.h"
#include "emulator/emulation.h"
#include "reports/model.h"
#include "tpm/transport/transport.h"

namespace tpmprobe::cli {

class Arguments;

/// The words that say what an emulated TPM shall pretend, as they are.
struct EmulationWords {
  std::string firmware;             ///< --firmware NAME or FILE
  std::vector<std::string> quirks;  ///< --quirk ID, NAME or FILE
  std::string latency;              ///< --latency measured or none
};

/// Declares --firmware, --quirk and --latency; `words` outlives the arguments.
void declare_emulation(Arguments& arguments, EmulationWords& words);

/// What the words mean. The error is one line: an unknown name with those that are close, or what
/// is wrong in a file as "FILE: POINTER: reason" (JSON pointer).
tl::expected<emulator::EmulationSpec, std::string> read_emulation(const EmulationWords& words);

/// For the report: the names of what is pretended.
reports::Emulation describe(const emulator::EmulationSpec& spec);

/// The names of all firmware, and of all quirks with their titles.
void print_emulations(std::ostream& out);

/// The words that say which TPM is meant, as they are.
struct TargetWords {
  EmulationWords emulation;
  std::optional<std::string> tcti;
  bool emulated = false;
};

/// Which TPM the user wants.
struct TargetChoice {
  std::optional<std::string> tcti;       ///< --tcti
  bool emulated = false;                 ///< --emulated
  emulator::EmulationSpec pretend = {};  ///< what the embedded TPM shall be
};

/// Declares --tcti, --emulated, --firmware, --quirk and --latency; `words` outlives the arguments.
void declare_target(Arguments& arguments, TargetWords& words);

/// What the words mean; the error is one line.
tl::expected<TargetChoice, std::string> read_target(const TargetWords& words);

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
