// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <atomic>
#include <iosfwd>
#include <span>
#include <string>
#include <vector>

#include "cli/output.h"
#include "cli/target.h"
#include "knowledge/quirk/quirk.h"
#include "probes/catalogue.h"
#include "reports/model.h"

namespace tpmprobe::cli {

/// What the user said after `tpmprobe report`, checked.
struct ReportOptions {
  TargetChoice target;
  OutputChoice output;
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

/// `--list`: one line a probe, id and title.
void print_list(const std::vector<const probes::Probe*>& probes, std::ostream& out);

/// `--dry-run`: the commands that a probe may send, and what each of them changes in the TPM.
void print_dry_run(const std::vector<const probes::Probe*>& probes, std::ostream& out);

/// Runs the probes of `options` on `target`, whose transport it uses up, and makes the report of
/// it, free of names and paths of the user. Progress goes to `console.err`. When this returns,
/// nothing of the run is left in the TPM. `arguments` are the words after `tpmprobe report`;
/// `interrupted` ends the run after the command that is under way.
reports::Report run_probes(Target& target, const ReportOptions& options,
                           const std::vector<std::string>& arguments,
                           const std::atomic<bool>& interrupted, Console& console);

}  // namespace tpmprobe::cli
