// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>

#include "tpm/error.h"
#include "tpm/posix/unique_fd.h"

namespace tpmprobe::emulator {

/// A stream socket that waits for clients; the file of a UNIX socket goes with it.
class Listener {
 public:
  /// A UNIX socket that only this user may connect to. What a dead server left at `path` is
  /// replaced, anything else there is not. Errors: io, no_access.
  static Expected<Listener> at_path(const std::string& path);

  /// A TCP port of the loopback interface (IPv4). Errors: io, no_access.
  static Expected<Listener> at_port(std::uint16_t port);

  Listener(Listener&& other) noexcept
      : socket_(std::move(other.socket_)), path_(std::exchange(other.path_, {})) {}
  Listener& operator=(Listener&&) = delete;
  ~Listener();

  /// Becomes readable when a client is there; for poll(2).
  [[nodiscard]] int fd() const { return socket_.get(); }

  /// The next client, without waiting; empty if there is none (any more) or no descriptor is left.
  [[nodiscard]] tpm::UniqueFd accept() const;

 private:
  Listener(tpm::UniqueFd socket, std::string path)
      : socket_(std::move(socket)), path_(std::move(path)) {}

  tpm::UniqueFd socket_;
  std::string path_;  ///< of the file, empty for TCP
};

}  // namespace tpmprobe::emulator
