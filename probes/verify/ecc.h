// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "probes/verify/verify.h"

namespace tpmprobe::probes {

/// `verify_signature` for ECDSA, SM2, ECSCHNORR and ECDAA.
VerifyOutcome verify_ecc(const tpm::PublicKey& key, const tpm::Signature& signature,
                         ByteView digest, const tpm::Commitment* commitment);

}  // namespace tpmprobe::probes
