// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "cli/terminal/console.h"
#include "emulator/emulation.h"

namespace tpmprobe::cli {

/// What the user said after `tpmprobe emulator`, checked.
struct EmulatorOptions {
  emulator::EmulationSpec emulation;
  bool swtpm = false;                 ///< --backend swtpm: a child process in place of libtpms
  std::optional<std::string> tcti;    ///< --tcti: any TPM, guarded
  std::optional<std::string> state;   ///< --state
  std::optional<std::uint16_t> port;  ///< --tcp; the control channel has the next one
  std::optional<std::string> socket;  ///< --socket; the control channel has PATH.ctrl
  bool pipe = false;                  ///< --pipe: one client on standard input and output
  std::optional<std::string> trace;   ///< --trace
  bool list = false;                  ///< --list
  std::vector<std::string> command;   ///< what follows "--", empty: none
};

/// Reads and checks the words; everything that is wrong with them is said on `console.err` in one
/// line, and the value is then the exit code (0 for --help).
tl::expected<EmulatorOptions, ExitCode> parse_emulator_options(
    const std::vector<std::string>& arguments, Console& console);

}  // namespace tpmprobe::cli
