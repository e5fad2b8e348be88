// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "tpm/posix/process.h"
#include "walks/ssh/walk_bench.h"

namespace tpmprobe::walks {

/// A real sshd of our own on a port of the loopback interface, with its own keys and configuration:
/// it lets in this user with the one key that it is told, and runs nothing of theirs, neither a
/// shell nor what that reads.
class LoginServer {
 public:
  /// Starts it in `folder`. Errors: io, no_access; the message has sshd's last line.
  static Expected<LoginServer> start(const std::filesystem::path& folder);

  /// The only key that may log in: a line of authorized_keys.
  void admit(const std::string& public_key_line) const;

  /// The words of an ssh to it that reads no configuration and no key of the user; the caller adds
  /// where the key is.
  [[nodiscard]] std::vector<std::string> client(const std::vector<std::string>& key_options) const;

  /// What sshd has logged since the last call.
  std::string take_log();

 private:
  std::filesystem::path folder_;
  std::uint16_t port_ = 0;
  std::string user_;
  std::size_t read_ = 0;
  tpm::UniqueFd log_;
  std::optional<tpm::ChildProcess> sshd_;
};

/// Of sshd's log the lines that say why it let nobody in, without those that only say that.
std::string refusals_in(const std::string& log);

}  // namespace tpmprobe::walks
