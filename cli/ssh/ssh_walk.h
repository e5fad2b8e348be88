// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

#include "cli/ssh/ssh_options.h"
#include "cli/terminal/console.h"
#include "reports/model.h"
#include "walks/ssh/pkcs11_way.h"

namespace tpmprobe::cli {

/// What a walk needs to know.
struct SshWalk {
  const SshOptions& options;
  const std::vector<std::string>& arguments;  ///< after `tpmprobe ssh`
  std::filesystem::path folder;               ///< private
  reports::Emulation emulation;
  bool emulated = false;
  std::string target;                                    ///< name of the TPM for the report
  walks::WrongPins wrong_pins = walks::WrongPins::none;  ///< authorizations that may fail
  bool may_provision = false;                            ///< FAPI may change this TPM
  pid_t process_group = 0;                               ///< of the process that the user started
  std::string tcti = {};                                 ///< of the server
};

/// Every way of ssh, in the order in which they are walked.
std::vector<ProbeId> walk_ways();

/// Walks all ways that were chosen; for the worker of run_supervised.
reports::Report walk_ssh(const SshWalk& walk, Console& console);

}  // namespace tpmprobe::cli
