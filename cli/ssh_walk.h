// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

#include "cli/console.h"
#include "cli/ssh_options.h"
#include "reports/model.h"

namespace tpmprobe::cli {

/// What a walk needs to know.
struct SshWalk {
  const SshOptions& options;
  const std::vector<std::string>& arguments;  ///< after `tpmprobe ssh`
  std::filesystem::path folder;               ///< private
  reports::Emulation emulation;
  bool emulated = false;
  bool wrong_pin = false;   ///< an authorization may fail on this TPM
  pid_t process_group = 0;  ///< of the process that the user started
  std::string tcti = {};    ///< of the server
};

/// Walks all ways that were chosen; for the worker of run_supervised.
reports::Report walk_ssh(const SshWalk& walk, Console& console);

}  // namespace tpmprobe::cli
