// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/transport/tctildr.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <optional>

#include <fmt/format.h>
#include <tss2/tss2_common.h>
#include <tss2/tss2_tcti.h>
#include <tss2/tss2_tctildr.h>
#include <unistd.h>

#include "knowledge/wire.h"
#include "tpm/esys/link.h"
#include "tpm/posix/child.h"
#include "tpm/posix/stream.h"
#include "tpm/transport/limits.h"

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

namespace {

/// The same failure, as it looks when it happens while the TCTI is loaded.
Error opening_failure(Error error, const std::string& name) {
  switch (error.rc) {
    case TSS2_TCTI_RC_NO_CONNECTION:
    case TSS2_TCTI_RC_IO_ERROR:
      error.kind = Error::Kind::no_device;
      error.message = fmt::format("the TCTI {} cannot reach a TPM", name);
      break;
    case TSS2_TCTI_RC_NOT_SUPPORTED:
      error.message = fmt::format("the TCTI {0} is not installed (libtss2-tcti-{0}.so.0)", name);
      break;
    case TSS2_TCTI_RC_BAD_VALUE:
      error.message = fmt::format("the TCTI {} does not understand its configuration", name);
      break;
    default:
      break;
  }
  return error;
}

}  // namespace

Expected<std::unique_ptr<TctiLdrTransport>> TctiLdrTransport::open(std::string configuration,
                                                                   Clock& clock,
                                                                   Duration patience) {
  std::unique_ptr<TctiLdrTransport> transport(
      new TctiLdrTransport(std::move(configuration), clock, patience));
  if (auto started = transport->start(kNoDeadline); !started) {
    return tl::unexpected(started.error());
  }
  return transport;
}

TctiLdrTransport::~TctiLdrTransport() {
  socket_.reset();
  const SystemClock real;
  helper_.wait(real.now() + std::chrono::seconds(1), real);
}

Expected<Bytes> TctiLdrTransport::transmit(ByteView command, TimePoint deadline) {
  return exchange(command, deadline).map_error([&](Error error) {
    error.command = knowledge::command_code(command);
    stop();
    return error;
  });
}

Expected<Bytes> TctiLdrTransport::exchange(ByteView command, TimePoint deadline) {
  if (!socket_) {
    if (auto started = start(deadline); !started) return tl::unexpected(started.error());
  }
  const auto size = static_cast<std::uint32_t>(command.size());
  const auto* first = reinterpret_cast<const std::uint8_t*>(&size);
  return send_all(socket_.get(), {first, sizeof size}, deadline, clock_, name())
      .and_then([&] { return send_all(socket_.get(), command, deadline, clock_, name()); })
      .and_then([&] { return receive_reply(deadline); });
}

Expected<void> TctiLdrTransport::start(TimePoint deadline) {
  auto sockets = make_socket_pair();
  if (!sockets) return tl::unexpected(sockets.error());
  auto child = Child::fork([&, parent = ::getpid()] {
    die_with_parent(parent);
    return run_tctildr_helper(sockets->theirs.get(), configuration_);
  });
  if (!child) return tl::unexpected(child.error());
  helper_ = std::move(*child);
  socket_ = std::move(sockets->ours);
  sockets->theirs.reset();  // so that the helper's end is an end for us
  const auto ready = receive_reply(std::min(deadline, clock_.now() + patience_));
  if (ready) return {};
  stop();
  return tl::unexpected(opening_failure(ready.error(), name()));
}

Expected<Bytes> TctiLdrTransport::receive_reply(TimePoint deadline) {
  HelperReply reply;
  auto* first = reinterpret_cast<std::uint8_t*>(&reply);
  auto header = receive_all(socket_.get(), {first, sizeof reply}, deadline, clock_, name());
  if (!header) return tl::unexpected(header.error());
  if (reply.rc != TSS2_RC_SUCCESS) {
    return fail(Error::Kind::tss, 0,
                fmt::format("the TCTI {} failed with {:#010x}", name(), reply.rc), reply.rc);
  }
  Bytes response(std::min<std::size_t>(reply.size, kMaxResponseSize));
  auto body = receive_all(socket_.get(), response, deadline, clock_, name());
  if (!body) return tl::unexpected(body.error());
  return response;
}

std::string TctiLdrTransport::name() const {
  return configuration_.substr(0, configuration_.find(':'));
}

void TctiLdrTransport::stop() {
  socket_.reset();
  helper_.kill();
}

}  // namespace tpmprobe::tpm
