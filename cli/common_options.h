// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "cli/emulation_choice.h"
#include "cli/output.h"
#include "cli/target.h"
#include "cli/terminal/terminal.h"

namespace tpmprobe::cli {

/// The words that report, doctor and ssh share, before they are checked.
struct CommonWords {
  EmulationWords emulation;
  std::vector<std::string> paths;
  std::string tcti, format, colour = "auto";
  bool emulated = false;
};

/// What they mean: which TPM, and where the result goes.
struct CommonOptions {
  TargetChoice target;
  std::vector<Output> outputs;
  ColourChoice colour = ColourChoice::automatic;
};

/// Adds --tcti, --emulated, --firmware, --quirk and --latency; `words` outlives the parse.
void declare_target(CLI::App& app, CommonWords& words);

/// Adds --format, --output and --color; `words` outlives the parse.
void declare_outputs(CLI::App& app, CommonWords& words);

/// Has `app` read the words after its name. If that ends the command (--help, a word that is
/// wrong, which is said in one line) the value is the exit code.
tl::expected<void, ExitCode> parse_words(CLI::App& app, const std::vector<std::string>& arguments,
                                         Console& console);

/// Says in one line why the words of `app` are refused; the value is the exit code.
tl::unexpected<ExitCode> refuse_words(const CLI::App& app, std::string why, Console& console);

/// Checks the words; the error is one line.
tl::expected<CommonOptions, std::string> read_common(const CLI::App& app, const CommonWords& words);

}  // namespace tpmprobe::cli
