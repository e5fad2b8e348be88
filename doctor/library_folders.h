// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "doctor/machine.h"

namespace tpmprobe::doctor {

/// Where libraries are, those of Debian's architectures last.
std::vector<std::string> library_folders(const Machine& machine);

}  // namespace tpmprobe::doctor
