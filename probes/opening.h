// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "probes/runner.h"

namespace tpmprobe::probes {

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
