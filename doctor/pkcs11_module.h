// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "doctor/machine.h"
#include "doctor/ssh_settings.h"

namespace tpmprobe::doctor {

/// A module of PKCS#11 that ssh's settings name.
struct NamedModule {
  std::string path;             ///< with the home in place of "~"
  bool for_some_hosts = false;  ///< only in a Host or Match block
};

/// Those of these settings (client_settings), each once.
std::vector<NamedModule> named_modules(const Machine& machine,
                                       const std::vector<SshSetting>& settings);

/// Where the module of tpm2-pkcs11 is installed; empty if it is not.
std::string installed_module(const Machine& machine);

}  // namespace tpmprobe::doctor
