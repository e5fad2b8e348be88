// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "knowledge/capabilities.h"
#include "probes/probe.h"

namespace tpmprobe::probes {

/// What of `needs` the TPM does not list, by name: "curve P-521", "algorithm SHA-512", "command
/// TPM2_Commit". Empty if nothing stands in the way.
std::vector<std::string> missing(const Needs& needs, const knowledge::Capabilities& capabilities);

}  // namespace tpmprobe::probes
