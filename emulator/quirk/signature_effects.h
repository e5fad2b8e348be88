// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "emulator/quirk/effects.h"

namespace tpmprobe::emulator {

/// Gives the response to TPM2_Sign, if a substituted key was meant, the signature that a sound TPM
/// makes with the key that the caller was shown. Schemes: RSASSA, RSAPSS, ECDSA, ECSCHNORR.
void sign_as_shown(Exchange& exchange);

}  // namespace tpmprobe::emulator
