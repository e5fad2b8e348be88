// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "reports/model.h"
#include "reports/privacy.h"

namespace tpmprobe::cli {

/// When a run began.
struct Beginning {
  std::chrono::system_clock::time_point wall = std::chrono::system_clock::now();
  std::chrono::steady_clock::time_point steady = std::chrono::steady_clock::now();
};

/// What names the user and the machine, for taking it out of what is written.
reports::Secrets secrets();

/// Everything in a report that does not come from the TPM: version, words, machine, time. `command`
/// is the word after `tpmprobe`, `arguments` those after it.
reports::RunFacts run_facts(const std::string& command, const std::vector<std::string>& arguments,
                            const Beginning& beginning);

/// The report as it is written: without names and paths of the user, with the exit code and how
/// long it took.
reports::Report finished(reports::Report report, int exit_code, const Beginning& beginning);

}  // namespace tpmprobe::cli
