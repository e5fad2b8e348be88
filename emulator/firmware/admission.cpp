// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/firmware/admission.h"

#include <algorithm>

#include "knowledge/handles.h"
#include "knowledge/rc.h"
#include "tpm/layers/header.h"

namespace tpmprobe::emulator {
namespace {

/// Whether what this authorization says depends on the parameters.
bool covers_parameters(const knowledge::WireAuth& auth) {
  return auth.session != knowledge::rh::kPassword &&
         (!auth.hmac.empty() || (auth.attributes & knowledge::kSessionDecrypt) != 0);
}

Bytes cut(ByteView command, std::size_t size) {
  Bytes shorter(command.begin(), command.begin() + static_cast<std::ptrdiff_t>(size));
  tpm::header::store(shorter, tpm::header::kSizeOffset, 4, size);
  return shorter;
}

/// Whether a TPM says this only after it has accepted handles, sessions and earlier parameters.
bool reached(std::uint32_t rc, unsigned parameter) {
  const auto where = knowledge::decode_rc(rc).where;
  return where.place == knowledge::RcPlace::parameter && where.index >= parameter;
}

}  // namespace

Expected<bool> refused_earlier(tpm::Transport& engine, SessionBook& book,
                               tpm::WireExchange& exchange, const Refusal& refusal,
                               tpm::TimePoint deadline) {
  if (std::ranges::any_of(exchange.request()->auths, covers_parameters)) {
    if (book.check(exchange) != Authorized::no) return false;
    return engine.carry(exchange, deadline).map([] { return true; });
  }
  auto response = engine.transmit(cut(exchange.command(), refusal.offset), deadline);
  if (!response) return tl::unexpected(std::move(response.error()));
  if (reached(knowledge::response_code(*response), refusal.parameter)) return false;
  exchange.answer(std::move(*response));
  return true;
}

}  // namespace tpmprobe::emulator
