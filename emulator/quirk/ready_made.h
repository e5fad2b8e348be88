// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "emulator/quirk/quirk.h"

namespace tpmprobe::emulator {

/// Q01, AMD's firmware TPM before 6.x: it has curve P-384 and no hash longer than SHA-256. A key
/// can be made, and TPM2_Sign refuses the 48 octets that ssh must sign with it: 0x1d5.
Quirk p384_without_sha384();

}  // namespace tpmprobe::emulator
