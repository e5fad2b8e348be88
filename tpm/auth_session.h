// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>

#include "tpm/object.h"

namespace tpmprobe::tpm {

class EsysLink;

/// A session in the TPM (Part 1, 17.6), flushed when this goes out of scope. Move-only. Made by
/// start_session (tpm/commands/sessions.h). It goes on after each command (continueSession), so it
/// is this object alone that ends it. Its nonces are in the ESYS context: after a failure below
/// ESYS it can only be flushed.
class AuthSession {
 public:
  /// For start_session only.
  AuthSession(std::shared_ptr<EsysLink> link, std::uint32_t esys_tr, std::uint32_t handle);
  AuthSession(AuthSession&& other) noexcept;
  AuthSession& operator=(AuthSession&& other) noexcept;
  ~AuthSession();

  /// The TPM's own handle, 0x02xxxxxx (HMAC) or 0x03xxxxxx (policy).
  [[nodiscard]] std::uint32_t handle() const { return handle_; }

  /// TPMA_SESSION (Part 2, 8.4) of the commands to come, beside continueSession.
  Expected<void> set_attributes(std::uint8_t attributes);

  /// TPM2_FlushContext now; the destructor does the same and ignores the answer.
  Expected<void> end();

  /// The session in the present ESYS context, for the command functions of tpm/. Error: `tss` if
  /// that context is a new one.
  Expected<std::uint32_t> esys_tr();

 private:
  std::shared_ptr<EsysLink> link_;  // null: moved from or ended
  std::uint32_t esys_tr_ = 0;
  unsigned generation_ = 0;
  std::uint32_t handle_ = 0;
};

/// How a command is allowed to use an object. By default with its empty auth value as a password.
struct Auth {
  Bytes value = {};                ///< the auth value of the object
  AuthSession* session = nullptr;  ///< in place of a password
  AuthSession* beside = nullptr;   ///< a second one, for audit or encryption
};

/// ESYS_TRs of an object and of what authorizes its use, for the command functions of tpm/.
struct Authorized {
  std::uint32_t object, session, beside;
};

/// Tells ESYS the auth value of `object`.
Expected<Authorized> authorize(Object& object, const Auth& auth);

}  // namespace tpmprobe::tpm
