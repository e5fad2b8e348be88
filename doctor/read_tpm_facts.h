// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "doctor/tpm_facts.h"
#include "tpm/session.h"

namespace tpmprobe::doctor {

/// Asks a TPM what the doctor looks at, by TPM2_GetCapability, ReadClock, GetTestResult,
/// ReadPublic, NV_ReadPublic and NV_Read (of EK certificates) only. One that was never started is
/// not started.
TpmFacts read_tpm_facts(tpm::Session& session);

}  // namespace tpmprobe::doctor
