// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "tpm/bytes.h"
#include "tpm/error.h"
#include "tpm/posix/descriptor.h"

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

/// One connection to a server: what has come from it and is not executed yet, and what it has not
/// taken yet. Both are bounded, and no call waits, so whatever a client does is its own affair.
class Client {
 public:
  /// What a connection speaks: TPM commands, or requests of the control channel.
  enum class Channel { commands, control };

  /// No command is taken that is longer; TPMs have TPM_PT_MAX_COMMAND_SIZE 4096 at most.
  static constexpr std::size_t kMaxCommandSize = 4096;

  /// A connected, non-blocking socket.
  Client(Channel channel, tpm::UniqueFd socket)
      : channel_(channel), input_fd_(std::move(socket)), output_fd_(input_fd_.get()) {}

  /// TPM commands on one descriptor, responses on another; both belong to somebody else.
  Client(int input, int output) : input_fd_(input), output_fd_(output), owns_descriptors_(false) {}

  Client(Client&&) noexcept = default;
  Client& operator=(Client&&) = delete;
  ~Client() {
    if (!owns_descriptors_) input_fd_.release();
  }

  [[nodiscard]] Channel channel() const { return channel_; }
  [[nodiscard]] int input_fd() const { return input_fd_.get(); }
  [[nodiscard]] int output_fd() const { return output_fd_; }

  /// Whether it makes sense to read: nothing is owed to it, and it has not sent too much.
  [[nodiscard]] bool wants_input() const {
    return !over_ && !ended_ && !waiting_ && output_.empty() && input_.size() < kMaxCommandSize;
  }
  [[nodiscard]] bool wants_output() const { return !over_ && !output_.empty(); }

  /// Reads what is there; call it when the descriptor is readable.
  void receive();

  /// Sends what the other side takes; call it when the descriptor is writable.
  void deliver();

  /// What has come, for whoever takes requests from its front.
  Bytes& input() { return input_; }

  /// Whether a command can be taken, or there is something that cannot become one.
  [[nodiscard]] bool has_command() const;

  /// The octets of the next command, taken from the input; it then waits for its answer. Nothing if
  /// the header tells an impossible size: that is answered (TPM_RC_COMMAND_SIZE) and the end.
  std::optional<Bytes> take_command();

  /// It waits for the answer to a command.
  [[nodiscard]] bool is_waiting() const { return waiting_; }

  /// Queues octets to be sent.
  void answer(Bytes octets);

  /// Nothing more is taken from it; it goes when it has its answers.
  void finish() {
    ended_ = true;
    input_.clear();
  }

  /// The connection is of no more use.
  void close() { over_ = true; }

  /// It can be forgotten.
  [[nodiscard]] bool is_over() const {
    return over_ || (ended_ && !waiting_ && output_.empty() && !has_command());
  }

 private:
  [[nodiscard]] std::size_t claimed_size() const;

  Channel channel_ = Channel::commands;
  tpm::UniqueFd input_fd_;
  int output_fd_ = -1;
  bool owns_descriptors_ = true;
  Bytes input_;
  Bytes output_;
  bool ended_ = false;    // nothing more will come
  bool waiting_ = false;  // for an answer of the TPM
  bool over_ = false;
};

}  // namespace tpmprobe::emulator
