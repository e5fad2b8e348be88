// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>

#include <sys/socket.h>

#include "tpm/clock.h"
#include "tpm/error.h"
#include "tpm/posix/descriptor.h"
#include "tpm/transport/transport.h"

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

/// Client of an swtpm (or of our own server), which takes bare TPM commands on a socket.
///
/// Every command has a connection of its own, as with tcti-swtpm, so that other programs can use
/// the same TPM between two commands. The control channel is not used: swtpm serves it from the
/// thread that executes commands, so it cannot cancel one; after a timeout the connection is
/// closed, swtpm finishes the command for nobody, and the next command waits for that within its
/// own deadline.
class SwtpmTransport final : public Transport {
 public:
  /// `configuration` is what follows "swtpm:" (see parse_swtpm_address). Connects once to see that
  /// somebody listens. Errors: no_device, no_access, timeout.
  static Expected<std::unique_ptr<SwtpmTransport>> open(std::string_view configuration,
                                                        Clock& clock);

  /// Without looking whether somebody listens.
  SwtpmTransport(SwtpmEndpoint endpoint, Clock& clock)
      : endpoint_(std::move(endpoint)), clock_(clock) {}

  /// The response is what arrives until as many octets are there as its header says, and with them
  /// whatever else has arrived by then. To judge malformed ones is for the layers above, so these
  /// are given up as they came, too:
  /// - what has arrived when the header turns out to be impossible (a size under 10, or over
  ///   kMaxResponseSize);
  /// - what has arrived when nothing more comes, until the deadline or for kRestOfResponse after
  ///   the first octet.
  /// Errors: timeout (not one octet came), closed (the connection ended before the end of the
  /// response), no_device, no_access, io.
  Expected<Bytes> transmit(ByteView command, TimePoint deadline) override;

  [[nodiscard]] const SwtpmEndpoint& endpoint() const { return endpoint_; }

  /// From the first octet on, the TPM has nothing left to compute.
  static constexpr Duration kRestOfResponse = std::chrono::seconds(5);

 private:
  SwtpmEndpoint endpoint_;
  Clock& clock_;
};

}  // namespace tpmprobe::tpm
