// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "knowledge/capabilities.h"
#include "probes/runner.h"
#include "result/result.h"
#include "tpm/session.h"

namespace tpmprobe::probes {

/// Everything of `Identity` that follows from what TPM2_GetCapability says; transport, reset count,
/// owner primary and failure mode are for the caller to add.
Identity identify(const knowledge::Capabilities& capabilities);

/// Asks a TPM in failure mode who it is. It answers two commands (Part 1, 12.2.3.5 "Failure Mode"):
/// TPM2_GetCapability, for one property at a time, and TPM2_GetTestResult.
void ask_failed_tpm(tpm::Session& session, knowledge::Capabilities& capabilities);

/// What is known about the TPM before the first probe.
struct Opening {
  tpm::CapabilityReading reading;
  Identity identity;
  tpm::Leftovers leftovers;
  std::optional<Error> unreachable;  ///< the TPM could not be asked at all
};

/// What TPM2_GetTestResult tells of a failure; everything is zero if it does not answer.
FailureMode read_failure(tpm::Session& session);

/// Reads all capabilities, starts a TPM that has not been started, asks one in failure mode what it
/// still tells, and clears away what a killed run has left. `result` is `session.open`.
Opening open_tpm(const RunInput& input, Result& result);

}  // namespace tpmprobe::probes
