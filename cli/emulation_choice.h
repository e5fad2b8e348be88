// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "emulator/emulation.h"
#include "reports/model.h"

namespace CLI {
class App;
}

namespace tpmprobe::cli {

/// The words that say what an emulated TPM shall pretend, as they are.
struct EmulationWords {
  std::string firmware;             ///< --firmware NAME or FILE
  std::vector<std::string> quirks;  ///< --quirk ID, NAME or FILE
  std::string latency;              ///< --latency measured or none

  /// One of them was said.
  [[nodiscard]] bool any() const {
    return !firmware.empty() || !quirks.empty() || !latency.empty();
  }
};

/// Adds --firmware, --quirk and --latency to a command's options; `words` outlives the parse.
void declare_emulation(CLI::App& app, EmulationWords& words);

/// What the words mean. The error is one line: an unknown name with those that are close, or what
/// is wrong in a file as "FILE: POINTER: reason" (JSON pointer).
tl::expected<emulator::EmulationSpec, std::string> read_emulation(const EmulationWords& words);

/// For the report: the names of what is pretended.
reports::Emulation describe(const emulator::EmulationSpec& spec);

/// The names of all firmware, and of all quirks with their titles.
void print_emulations(std::ostream& out);

}  // namespace tpmprobe::cli
