// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string_view>

#include <sys/socket.h>

#include "tpm/bytes.h"
#include "tpm/clock.h"
#include "tpm/error.h"
#include "tpm/posix/descriptor.h"

namespace tpmprobe::tpm {

/// Two sockets that are connected to each other.
struct SocketPair {
  UniqueFd ours;    ///< non-blocking
  UniqueFd theirs;  ///< blocking, for a child process
};

/// Of type SOCK_STREAM, or SOCK_SEQPACKET for whole messages. Error: io.
Expected<SocketPair> make_socket_pair(int type = SOCK_STREAM);

/// Sends all `octets` on a non-blocking stream socket, without SIGPIPE. Errors: timeout, closed,
/// io; `peer` names the other side in their messages.
Expected<void> send_all(int socket, ByteView octets, TimePoint deadline, const Clock& clock,
                        std::string_view peer);

/// Appends to `octets` what the socket has to give, waiting for it until `deadline`, at most
/// `limit` octets. The answer is how many: 0 is the end of the stream. Errors: timeout, closed, io.
Expected<std::size_t> receive_some(int socket, Bytes& octets, std::size_t limit, TimePoint deadline,
                                   const Clock& clock, std::string_view peer);

/// Exactly `octets.size()` of them. Errors: timeout, closed (the stream ended before), io.
Expected<void> receive_all(int socket, std::span<std::uint8_t> octets, TimePoint deadline,
                           const Clock& clock, std::string_view peer);

}  // namespace tpmprobe::tpm
