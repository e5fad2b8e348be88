// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/transport/tctildr.h"

#include <algorithm>

#include <fmt/format.h>
#include <tss2/tss2_common.h>
#include <unistd.h>

#include "knowledge/wire.h"
#include "tpm/posix/child.h"
#include "tpm/posix/stream.h"
#include "tpm/transport/limits.h"
#include "tpm/transport/tctildr_helper.h"

namespace tpmprobe::tpm {
namespace {

/// The same failure, as it looks when it happens while the TCTI is loaded.
Error opening_failure(Error error, const std::string& name) {
  switch (error.rc) {
    case TSS2_TCTI_RC_NO_CONNECTION:
    case TSS2_TCTI_RC_IO_ERROR:
      error.kind = Error::Kind::no_device;
      error.message = fmt::format("the TCTI {} reaches no TPM", name);
      break;
    case TSS2_TCTI_RC_NOT_SUPPORTED:
      error.message = fmt::format("there is no TCTI {0} here (libtss2-tcti-{0}.so.0)", name);
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
