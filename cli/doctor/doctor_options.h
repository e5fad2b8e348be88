// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/common_options.h"
#include "doctor/machine.h"

namespace tpmprobe::cli {

/// What the user said after `tpmprobe doctor`, checked.
struct DoctorOptions : CommonOptions {
  std::optional<doctor::ReportFacts> earlier;  ///< --since
  std::optional<doctor::ReportFacts> present;  ///< --now
};

/// Reads and checks the words; everything that is wrong with them is said on `console.err` in one
/// line, and the value is then the exit code (0 for --help).
tl::expected<DoctorOptions, ExitCode> parse_doctor_options(
    const std::vector<std::string>& arguments, Console& console);

}  // namespace tpmprobe::cli
