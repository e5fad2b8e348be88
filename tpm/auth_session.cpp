// SPDX-License-Identifier: BSD-2-Clause
// A session that ends itself (AuthSession), and what a command takes from it (authorize).
// `end` does the work of the destructor; `esys_tr` is what every use goes through.
#include "tpm/auth_session.h"

#include <utility>

#include "knowledge/handles.h"
#include "tpm/esys/convert.h"
#include "tpm/esys/link.h"

namespace tpmprobe::tpm {

AuthSession::AuthSession(std::shared_ptr<EsysLink> link, std::uint32_t esys_tr,
                         std::uint32_t handle)
    : link_(std::move(link)),
      esys_tr_(esys_tr),
      generation_(link_->generation()),
      handle_(handle) {}

AuthSession::AuthSession(AuthSession&& other) noexcept = default;

AuthSession& AuthSession::operator=(AuthSession&& other) noexcept {
  if (this != &other) {
    static_cast<void>(end());
    link_ = std::move(other.link_);
    esys_tr_ = other.esys_tr_;
    generation_ = other.generation_;
    handle_ = other.handle_;
  }
  return *this;
}

AuthSession::~AuthSession() {
  static_cast<void>(end());
}

Expected<std::uint32_t> AuthSession::esys_tr() {
  if (link_ && link_->ready() && generation_ == link_->generation()) return esys_tr_;
  return fail(Error::Kind::tss, 0, "the session has ended, or its nonces are lost");
}

Expected<void> AuthSession::set_attributes(std::uint8_t attributes) {
  return esys_tr().and_then([&](std::uint32_t tr) {
    return link_->run(0, [&](ESYS_CONTEXT* esys) {
      constexpr auto kGoesOn = knowledge::kSessionContinueSession;
      return Esys_TRSess_SetAttributes(esys, tr, attributes | kGoesOn, 0xFF);
    });
  });
}

Expected<void> AuthSession::end() {
  const auto tr = esys_tr();
  const auto link = std::exchange(link_, nullptr);
  if (!link) return {};
  return link->run(TPM2_CC_FlushContext, [&](ESYS_CONTEXT* esys) {
    ESYS_TR session = tr.value_or(ESYS_TR_NONE);
    const TSS2_RC rc = tr ? TSS2_RC_SUCCESS
                          : Esys_TR_FromTPMPublic(esys, handle_, ESYS_TR_NONE, ESYS_TR_NONE,
                                                  ESYS_TR_NONE, &session);
    return rc == TSS2_RC_SUCCESS ? Esys_FlushContext(esys, session) : rc;
  });
}

Expected<Authorized> authorize(Object& object, const Auth& auth) {
  Authorized result{0, ESYS_TR_PASSWORD, ESYS_TR_NONE};
  TPM2B_AUTH value{};
  if (!assign(value, auth.value))
    return fail(Error::Kind::tss, 0, "the auth value is longer than a TPM2B_AUTH");
  const auto take = [](Expected<std::uint32_t> from, std::uint32_t& to) {
    return from.map([&](std::uint32_t tr) { to = tr; });
  };
  Expected<void> done = take(object.esys_tr(), result.object);
  if (done && auth.session != nullptr) done = take(auth.session->esys_tr(), result.session);
  if (done && auth.beside != nullptr) done = take(auth.beside->esys_tr(), result.beside);
  if (done) {
    done = object.link()->run(
        0, [&](ESYS_CONTEXT* esys) { return Esys_TR_SetAuth(esys, result.object, &value); });
  }
  if (!done) return tl::unexpected(done.error());
  return result;
}

}  // namespace tpmprobe::tpm
