// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/terminal/console.h"

namespace tpmprobe::cli {

/// Version of the program, from CMakeLists.txt.
inline constexpr std::string_view kVersion = TPMPROBE_VERSION;

/// The whole program, for main: descriptors and signals are set up, then `run_words`.
int run_program(int argc, char** argv);

/// Finds the sub-command and runs it; the value is the exit code. `words` are without the program's
/// name.
int run_words(const std::vector<std::string>& words, Console& console);

}  // namespace tpmprobe::cli
