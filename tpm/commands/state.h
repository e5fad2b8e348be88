// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "tpm/session.h"

namespace tpmprobe::tpm {

/// TPM2_Startup(CLEAR) (Part 3, 9.3), for a TPM that answers TPM_RC_INITIALIZE.
Expected<void> startup(Session& session);

/// TPMS_CLOCK_INFO.resetCount of TPM2_ReadClock (Part 3, 29.1): TPM resets since the last clear.
Expected<std::uint32_t> read_reset_count(Session& session);

/// Answer of TPM2_GetTestResult.
struct TestResult {
  Bytes out_data;            ///< manufacturer specific
  std::uint32_t result = 0;  ///< TPM_RC: 0, TPM_RC_NEEDS_TEST, TPM_RC_TESTING, TPM_RC_FAILURE …
};

/// TPM2_GetTestResult (Part 3, 10.4): with GetCapability the one command that a TPM in failure mode
/// still answers.
Expected<TestResult> get_test_result(Session& session);

}  // namespace tpmprobe::tpm
