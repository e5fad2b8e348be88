// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "probes/doctor/machine.h"

namespace tpmprobe::probes {

/// Where libraries are, those of Debian's architectures last.
std::vector<std::string> library_folders(const Machine& machine);

}  // namespace tpmprobe::probes
