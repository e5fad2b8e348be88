// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/commands/sessions.h"

#include "tpm/esys/link.h"

namespace tpmprobe::tpm {

Expected<void> try_session(Session& session) {
  constexpr TPMT_SYM_DEF kNoEncryption{.algorithm = TPM2_ALG_NULL, .keyBits = {}, .mode = {}};
  ESYS_TR tr = ESYS_TR_NONE;
  const auto& link = session.link();
  auto started = link->run(TPM2_CC_StartAuthSession, [&](ESYS_CONTEXT* esys) {
    return Esys_StartAuthSession(esys, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE,
                                 ESYS_TR_NONE, nullptr, TPM2_SE_HMAC, &kNoEncryption,
                                 TPM2_ALG_SHA256, &tr);
  });
  if (!started) return started;
  return link->run(TPM2_CC_FlushContext,
                   [&](ESYS_CONTEXT* esys) { return Esys_FlushContext(esys, tr); });
}

}  // namespace tpmprobe::tpm
