// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/transport/tctildr_helper.h"

#include <array>
#include <csignal>
#include <optional>

#include <tss2/tss2_tcti.h>
#include <tss2/tss2_tctildr.h>

#include "tpm/posix/child.h"
#include "tpm/posix/stream.h"
#include "tpm/transport/limits.h"
#include "tpm/tss_log.h"

namespace tpmprobe::tpm {
namespace {

constexpr std::string_view kParent = "tpmprobe";

bool send_octets(int socket, ByteView octets) {
  const SystemClock clock;
  return send_all(socket, octets, TimePoint::max(), clock, kParent).has_value();
}

bool receive_octets(int socket, std::span<std::uint8_t> octets) {
  const SystemClock clock;
  return receive_all(socket, octets, TimePoint::max(), clock, kParent).has_value();
}

bool send_reply(int socket, TSS2_RC rc, ByteView response) {
  const HelperReply reply{rc, static_cast<std::uint32_t>(response.size())};
  const auto* first = reinterpret_cast<const std::uint8_t*>(&reply);
  return send_octets(socket, {first, sizeof reply}) && send_octets(socket, response);
}

/// The next command; nothing once the parent has closed its end.
std::optional<Bytes> receive_command(int socket) {
  std::uint32_t size = 0;
  if (!receive_octets(socket, {reinterpret_cast<std::uint8_t*>(&size), sizeof size})) {
    return std::nullopt;
  }
  Bytes command(size);
  if (!receive_octets(socket, command)) return std::nullopt;
  return command;
}

void answer(int socket, TSS2_TCTI_CONTEXT* tcti, const Bytes& command) {
  std::array<std::uint8_t, kMaxResponseSize> response;
  std::size_t size = response.size();
  TSS2_RC rc = Tss2_Tcti_Transmit(tcti, command.size(), command.data());
  if (rc == TSS2_RC_SUCCESS) {
    rc = Tss2_Tcti_Receive(tcti, &size, response.data(), TSS2_TCTI_TIMEOUT_BLOCK);
  }
  send_reply(socket, rc, {response.data(), rc == TSS2_RC_SUCCESS ? size : 0});
}

}  // namespace

int run_tctildr_helper(int socket, const std::string& configuration) {
  const int kept = keep_only(socket, user_wants_tss_log());
  // A TCTI whose other side is gone shall say so, not end the helper.
  std::signal(SIGPIPE, SIG_IGN);

  TSS2_TCTI_CONTEXT* tcti = nullptr;
  const TSS2_RC rc = Tss2_TctiLdr_Initialize(configuration.c_str(), &tcti);
  if (!send_reply(kept, rc, {}) || rc != TSS2_RC_SUCCESS) return 1;
  while (const auto command = receive_command(kept)) answer(kept, tcti, *command);
  Tss2_TctiLdr_Finalize(&tcti);
  return 0;
}

}  // namespace tpmprobe::tpm
