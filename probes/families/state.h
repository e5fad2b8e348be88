// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <vector>

#include "probes/probe.h"

namespace tpmprobe::probes {

/// The probes of what a TPM says and of the state it is in: `identity`, `capability.LIST` for each
/// list of TPM2_GetCapability, `state.self-test`, `state.lockout`, `state.hierarchies`,
/// `state.object-slots`.
std::vector<Probe> state_probes();

}  // namespace tpmprobe::probes
