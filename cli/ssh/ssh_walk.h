// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

#include "cli/output.h"
#include "cli/target.h"
#include "reports/model.h"
#include "walks/ssh/pkcs11_way.h"

namespace tpmprobe::cli {

/// What the user said after `tpmprobe ssh`, checked.
struct SshOptions {
  TargetChoice target;
  OutputChoice output;
  std::vector<std::string> only;  ///< ids or globs of WAY.KEY, empty: all
  bool fapi = false;              ///< --fapi: walk FAPI's way in place of ssh's
  bool provision = false;         ///< --provision: FAPI may provision a software TPM of somebody's
  bool check_store = false;       ///< --check-store: look at the user's own store, walk no way
  bool hardware = false;          ///< --hardware: a TPM that is not an emulated one may be used
  bool verbose = false, quiet = false;
};

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
