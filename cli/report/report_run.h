// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "cli/report/report_options.h"
#include "cli/target.h"
#include "cli/terminal/console.h"
#include "reports/model.h"

namespace tpmprobe::cli {

/// Runs the probes of `options` on `target`, whose transport it uses up, and makes the report of
/// it, free of names and paths of the user. Progress goes to `console.err`. When this returns,
/// nothing of the run is left in the TPM. `arguments` are the words after `tpmprobe report`;
/// `interrupted` ends the run after the command that is under way.
reports::Report run_probes(Target& target, const ReportOptions& options,
                           const std::vector<std::string>& arguments,
                           const std::atomic<bool>& interrupted, Console& console);

}  // namespace tpmprobe::cli
