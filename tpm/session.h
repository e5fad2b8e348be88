// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>

#include "tpm/transport/transport.h"

namespace tpmprobe::tpm {

class EsysLink;

/// A conversation with one TPM through one transport stack. Move-only. The commands are functions
/// in tpm/commands/, one file per chapter of Part 3, which take a session first. Authorizations are
/// passwords (TPM_RS_PW), which take no session slot of the TPM, unless a caller gives a session of
/// its own: an AuthSession (tpm/auth_session.h), which ends itself.
class Session {
 public:
  /// Takes the whole stack; sends nothing.
  static Expected<Session> open(TransportPtr stack);

  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
  ~Session();

  /// For the command functions of tpm/ only.
  [[nodiscard]] const std::shared_ptr<EsysLink>& link() const { return link_; }

 private:
  explicit Session(std::shared_ptr<EsysLink> link);
  std::shared_ptr<EsysLink> link_;
};

}  // namespace tpmprobe::tpm
