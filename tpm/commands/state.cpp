// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/commands/state.h"

#include "tpm/esys/convert.h"
#include "tpm/esys/link.h"

namespace tpmprobe::tpm {

Expected<void> startup(Session& session) {
  return session.link()->run(TPM2_CC_Startup, [](ESYS_CONTEXT* esys) {
    const TSS2_RC rc = Esys_Startup(esys, TPM2_SU_CLEAR);
    return rc == TPM2_RC_INITIALIZE ? TSS2_RC_SUCCESS : rc;  // somebody was quicker: started
  });
}

Expected<TimeInfo> read_clock(Session& session) {
  TPMS_TIME_INFO* out = nullptr;
  auto read = session.link()->run(TPM2_CC_ReadClock, [&](ESYS_CONTEXT* esys) {
    return Esys_ReadClock(esys, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &out);
  });
  if (!read) return tl::unexpected(read.error());
  const EsysPtr<TPMS_TIME_INFO> time(out);
  return TimeInfo{time->time, time->clockInfo.clock, time->clockInfo.resetCount};
}

Expected<TestResult> get_test_result(Session& session) {
  TPM2B_MAX_BUFFER* out_data = nullptr;
  TPM2_RC result = 0;
  auto read = session.link()->run(TPM2_CC_GetTestResult, [&](ESYS_CONTEXT* esys) {
    return Esys_GetTestResult(esys, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &out_data, &result);
  });
  if (!read) return tl::unexpected(read.error());
  const EsysPtr<TPM2B_MAX_BUFFER> data(out_data);
  return TestResult{octets(*data), result};
}

}  // namespace tpmprobe::tpm
