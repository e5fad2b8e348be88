// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/session.h"

#include <utility>

#include "tpm/esys/link.h"

namespace tpmprobe::tpm {

Session::Session(std::shared_ptr<EsysLink> link) : link_(std::move(link)) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

Expected<Session> Session::open(TransportPtr stack) {
  return EsysLink::open(std::move(stack)).map([](auto link) { return Session(std::move(link)); });
}

}  // namespace tpmprobe::tpm
