// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "probes/doctor/machine.h"
#include "tpm/session.h"

namespace tpmprobe::probes {

/// Asks a TPM what the doctor looks at, by TPM2_GetCapability, ReadClock and ReadPublic only.
TpmFacts read_tpm_facts(tpm::Session& session);

}  // namespace tpmprobe::probes
