// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/commands/sessions.h"

#include "tpm/esys/link.h"

namespace tpmprobe::tpm {
namespace {

TPMT_SYM_DEF symmetric(bool encryption) {
  TPMT_SYM_DEF symmetric{};
  symmetric.algorithm = encryption ? TPM2_ALG_AES : TPM2_ALG_NULL;
  symmetric.keyBits.aes = 128;
  symmetric.mode.aes = TPM2_ALG_CFB;
  return symmetric;
}

Expected<std::uint32_t> tr_of(Object* object) {
  return object == nullptr ? Expected<std::uint32_t>(ESYS_TR_NONE) : object->esys_tr();
}

}  // namespace

Expected<AuthSession> start_session(Session& session, const SessionOptions& options) {
  const auto salt = tr_of(options.salt);
  if (!salt) return tl::unexpected(salt.error());
  const auto bind = tr_of(options.bind);
  if (!bind) return tl::unexpected(bind.error());
  const TPMT_SYM_DEF encryption = symmetric(options.encryption);
  ESYS_TR tr = ESYS_TR_NONE;
  TPM2_HANDLE handle = 0;
  auto started = session.link()->run(TPM2_CC_StartAuthSession, [&](ESYS_CONTEXT* esys) {
    const TSS2_RC rc =
        Esys_StartAuthSession(esys, *salt, *bind, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, nullptr,
                              static_cast<TPM2_SE>(options.kind), &encryption, options.hash, &tr);
    return rc == TSS2_RC_SUCCESS ? Esys_TR_GetTpmHandle(esys, tr, &handle) : rc;
  });
  if (!started) return tl::unexpected(started.error());
  return AuthSession(session.link(), tr, handle);
}

Expected<void> try_session(Session& session) {
  return start_session(session).and_then([](AuthSession started) { return started.end(); });
}

}  // namespace tpmprobe::tpm
