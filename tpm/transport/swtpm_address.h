// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>

#include <sys/socket.h>

#include "tpm/clock.h"
#include "tpm/error.h"
#include "tpm/posix/unique_fd.h"

namespace tpmprobe::tpm {

/// Where an swtpm listens for commands: a UNIX socket, or a TCP port.
struct SwtpmAddress {
  std::string path;  ///< UNIX socket, empty for TCP
  std::string host = "localhost";
  std::string port = "2321";

  /// "/run/tpm.sock" or "localhost:2321", for messages.
  [[nodiscard]] std::string text() const;
};

/// Reads what follows "swtpm:" in a TCTI configuration, in the syntax of tcti-swtpm: "path=..." or
/// "host=...,port=...", each with its default; nothing at all is localhost:2321.
Expected<SwtpmAddress> parse_swtpm_address(std::string_view configuration);

/// The same as the kernel wants it; a host name is looked up once and not for every command.
struct SwtpmEndpoint {
  sockaddr_storage address{};
  socklen_t size = 0;
  std::string text;  ///< for messages
};

/// Errors: no_device (no such host, or the path is too long for a socket).
Expected<SwtpmEndpoint> resolve(const SwtpmAddress& address);

/// A new non-blocking connection. Errors: no_device (nobody listens there), no_access, timeout
/// (nobody accepted it).
Expected<UniqueFd> connect_to(const SwtpmEndpoint& endpoint, TimePoint deadline, Clock& clock);

/// The same text for every spelling of one place: the socket's real path, or the numeric address
/// and the port.
std::string canonical_name(const SwtpmEndpoint& endpoint);

}  // namespace tpmprobe::tpm
