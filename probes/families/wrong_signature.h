// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "probes/verify/verify.h"
#include "result/result.h"
#include "tpm/key.h"

namespace tpmprobe::probes {

/// Writes verdict, sentence and evidence for a signature that `outcome` says is not right: one that
/// belongs to another digest, where the scheme lets that be seen, is worse than one that belongs to
/// none.
void judge_wrong_signature(const tpm::PublicKey& key, const tpm::Signature& signature,
                           ByteView digest, const VerifyOutcome& outcome, Result& result);

}  // namespace tpmprobe::probes
