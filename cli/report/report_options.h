// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/common_options.h"
#include "knowledge/quirk/quirk.h"
#include "probes/catalogue.h"

namespace tpmprobe::cli {

/// What the user said after `tpmprobe report`, checked.
struct ReportOptions : CommonOptions {
  std::vector<const probes::Probe*> probes;
  bool quick = false, list = false, dry_run = false, verbose = false, quiet = false;
  bool flush_leftovers = false;
  /// The defects that the report can recognise.
  std::span<const knowledge::Quirk> known_quirks = knowledge::quirks();
};

/// Reads and checks the words; everything that is wrong with them is said on `console.err` in one
/// line, and the value is then the exit code (0 for --help).
tl::expected<ReportOptions, ExitCode> parse_report_options(
    const std::vector<std::string>& arguments, Console& console);

}  // namespace tpmprobe::cli
