// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <vector>

#include "probes/probe.h"

namespace tpmprobe::probes {

/// What a TPM does without a key: random numbers (`rng.repeat`, `rng.length`), digests (`hash.sha1`
/// and so on), its clock (`clock.forward`) and sessions (`state.sessions`).
std::vector<Probe> service_probes();

}  // namespace tpmprobe::probes
