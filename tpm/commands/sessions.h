// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "tpm/auth_session.h"
#include "tpm/session.h"

namespace tpmprobe::tpm {

/// TPM_SE (Part 2, 6.11).
enum class SessionKind : std::uint8_t { hmac = 0, policy = 1, trial = 3 };

/// What a session is started with; with neither salt nor bind it has no secret of its own.
struct SessionOptions {
  SessionKind kind = SessionKind::hmac;
  AlgId hash = 0x000B;      ///< SHA-256; that of a policy is the nameAlg of its object
  bool encryption = false;  ///< AES-128-CFB for parameters, once an attribute asks for it
  Object* salt = nullptr;   ///< a decryption key under which a secret is sent
  Object* bind = nullptr;   ///< an object whose auth value goes into the session key
};

/// TPM2_StartAuthSession (Part 3, 11.1). What a failed flush leaves is known to the guard.
Expected<AuthSession> start_session(Session& session, const SessionOptions& options = {});

/// Starts an HMAC session and ends it at once: whether there is room for a session.
Expected<void> try_session(Session& session);

}  // namespace tpmprobe::tpm
