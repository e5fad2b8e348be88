// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "tpm/session.h"

namespace tpmprobe::tpm {

/// TPM2_Startup(CLEAR) (Part 3, 9.3), for a TPM that answers TPM_RC_INITIALIZE.
Expected<void> startup(Session& session);

/// TPMS_TIME_INFO (Part 2, 10.11.6), as far as it is looked at.
struct TimeInfo {
  std::uint64_t time_ms = 0;      ///< since the last TPM reset
  std::uint64_t clock_ms = 0;     ///< since the last clear, while there was power
  std::uint32_t reset_count = 0;  ///< TPM resets since the last clear
};

/// TPM2_ReadClock (Part 3, 29.1).
Expected<TimeInfo> read_clock(Session& session);

/// Answer of TPM2_GetTestResult.
struct TestResult {
  Bytes out_data;            ///< manufacturer specific
  std::uint32_t result = 0;  ///< TPM_RC: 0, TPM_RC_NEEDS_TEST, TPM_RC_TESTING, TPM_RC_FAILURE …
};

/// TPM2_GetTestResult (Part 3, 10.4): with GetCapability the one command that a TPM in failure mode
/// still answers.
Expected<TestResult> get_test_result(Session& session);

}  // namespace tpmprobe::tpm
