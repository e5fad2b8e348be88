// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace tpmprobe::bench {

/// What a program cost from its start to its end.
struct ProcessCost {
  double wall_ms = 0;
  std::string output;  ///< standard output
};

/// Runs `argv` (argv[0] is looked up in $PATH) with the TPM of `tcti` as its $TPM2TOOLS_TCTI.
/// nullopt if it could not be started or did not end with 0.
std::optional<ProcessCost> run(const std::vector<std::string>& argv, const std::string& tcti = {});

/// Most physical memory that `argv` ever had, in octets: VmHWM of proc(5), read at the last moment.
/// (ru_maxrss counts this process, too, which had the same pages before execve.) nullopt as above,
/// or if the process cannot be traced.
std::optional<std::size_t> peak_memory(const std::vector<std::string>& argv);

/// The value in the middle, 0 of none.
double median(std::vector<double> values);

}  // namespace tpmprobe::bench
