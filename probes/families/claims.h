// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <vector>

#include "probes/probe.h"

namespace tpmprobe::probes {

/// Whether the lists of a TPM agree with each other and with what it does: `capability.schemes`, an
/// algorithm without the commands that it is for; `capability.create-loaded`, a command that is
/// listed and may be unknown when it comes.
std::vector<Probe> claim_probes();

}  // namespace tpmprobe::probes
