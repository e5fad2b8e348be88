// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "probes/doctor/machine.h"

namespace tpmprobe::probes {

/// PKCS#11 modules that ssh's settings name, "~" being the home; each once.
std::vector<std::string> named_modules(const Machine& machine);

/// Where the module of tpm2-pkcs11 is installed; empty if it is not.
std::string installed_module(const Machine& machine);

}  // namespace tpmprobe::probes
