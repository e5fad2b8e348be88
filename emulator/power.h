// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "tpm/transport/transport.h"

namespace tpmprobe::emulator {

/// How a TPM loses its power (Part 1, 12.2.3.2 and 12.2.4).
enum class PowerOff {
  orderly,  ///< after TPM2_Shutdown(CLEAR)
  sudden,   ///< without
};

/// Sends TPM2_Startup(CLEAR) (Part 3, 9.3). A TPM that is started already is fine, too. Errors: tpm
/// (with its code), and those of the transport.
Expected<void> startup(tpm::Transport& tpm, tpm::TimePoint deadline = tpm::kNoDeadline);

/// Sends TPM2_Shutdown(CLEAR) (Part 3, 9.4). Errors: the same.
Expected<void> shutdown(tpm::Transport& tpm, tpm::TimePoint deadline = tpm::kNoDeadline);

}  // namespace tpmprobe::emulator
