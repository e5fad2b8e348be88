// SPDX-License-Identifier: BSD-2-Clause
#include "probes/families/wrong_signature.h"

#include <algorithm>

#include <fmt/format.h>

#include "knowledge/evidence.h"
#include "probes/verify/rsa.h"

namespace tpmprobe::probes {

void judge_wrong_signature(const tpm::PublicKey& key, const tpm::Signature& signature,
                           ByteView digest, const VerifyOutcome& outcome, Result& result) {
  namespace evidence = knowledge::evidence;
  result.verdict = Verdict::fail;
  result.actual =
      fmt::format("the TPM signs, but {} rejects the signature: {}", outcome.by, outcome.why);
  const auto inside = signed_digest(key, signature);
  const bool other = inside && !std::ranges::equal(*inside, digest);
  add_evidence(result, other ? evidence::kSignatureOtherDigest : evidence::kSignatureWrong);
  if (other)
    result.actual += ": it belongs to a different digest from the one that the TPM was given";
}

}  // namespace tpmprobe::probes
