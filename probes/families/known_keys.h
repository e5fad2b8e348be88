// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <vector>

#include "probes/probe.h"

namespace tpmprobe::probes {

/// The probes that sign with keys of which the private half is known, since only so can be seen
/// what they look for: `sign.known.rsa2048-leading-zero`, a signature that must begin with a zero
/// octet; `sign.known.p256-nonces`, the secret numbers of ECDSA. `unsupported` where a TPM takes no
/// private half in plain.
std::vector<Probe> known_key_probes();

}  // namespace tpmprobe::probes
