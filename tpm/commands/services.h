// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "tpm/key.h"
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

/// TPM2_GetRandom (Part 3, 16.1): at most `octets` of them; a TPM may give fewer.
Expected<Bytes> get_random(Session& session, std::uint16_t octets);

/// TPM2_Hash (Part 3, 15.4) without a ticket. Errors: `tss` if `data` has more than 1024 octets.
Expected<Bytes> hash(Session& session, AlgId algorithm, ByteView data);

/// What TPM2_NV_ReadPublic (Part 3, 31.6) tells of an index.
struct NvPublic {
  std::uint32_t index = 0;
  std::uint32_t attributes = 0;  ///< TPMA_NV (Part 2, 13.4)
  std::uint16_t size = 0;        ///< octets
};

/// Errors: `tpm` with TPM_RC_HANDLE if there is no such index.
Expected<NvPublic> read_nv_public(Session& session, std::uint32_t index);

/// Whose password, an empty one, opens an index.
enum class NvAuth : std::uint8_t { owner, index };

/// TPM2_NV_Read (Part 3, 31.13) of all octets of an index, at most `piece` in one command
/// (TPM_PT_NV_BUFFER_MAX). A password that is wrong counts towards lockout only if the index lacks
/// TPMA_NV_NO_DA and is opened by its own; the guard refuses that.
Expected<Bytes> read_nv(Session& session, const NvPublic& index, NvAuth auth, std::uint16_t piece);

}  // namespace tpmprobe::tpm
