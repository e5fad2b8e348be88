// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "knowledge/capabilities.h"
#include "tpm/session.h"

namespace tpmprobe::probes {

/// Asks a TPM in failure mode who it is. It answers two commands (Part 1, 12.2.3.5 "Failure Mode"):
/// TPM2_GetCapability, for one property at a time, and TPM2_GetTestResult.
void ask_failed_tpm(tpm::Session& session, knowledge::Capabilities& capabilities);

}  // namespace tpmprobe::probes
