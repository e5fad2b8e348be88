// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "tpm/bytes.h"
#include "tpm/error.h"
#include "tpm/posix/descriptor.h"
#include "walks/ssh/walk_bench.h"

namespace tpmprobe::walks {

/// The one key of an agent.
struct AgentKey {
  Bytes blob;  ///< as public_key_blob gives it
  std::string comment;
  /// Signs `data`, for RSA by the algorithm of the flags (SSH_AGENT_RSA_SHA2_256 is 2, _512 is 4);
  /// the value is a signature blob, nullopt if there is none.
  std::function<std::optional<Bytes>(ByteView data, std::uint32_t flags)> sign;
};

/// The answer of an ssh-agent with this key to one message (without its length), again without
/// length: draft-miller-ssh-agent, 4. Identities and signatures there are; everything else, and
/// what cannot be read, is SSH_AGENT_FAILURE.
Bytes agent_answer(const AgentKey& key, ByteView message);

/// A UNIX socket where ssh finds that agent.
class AgentSocket {
 public:
  /// Errors: io, no_access.
  static Expected<AgentSocket> open(const std::string& path);

  /// Serves clients, one at a time, until `end` is readable.
  void serve(const AgentKey& key, int end) const;

 private:
  explicit AgentSocket(tpm::UniqueFd socket) : socket_(std::move(socket)) {}
  tpm::UniqueFd socket_;
};

/// An ssh-agent of our own that may load the PKCS#11 module.
class TokenAgent {
 public:
  TokenAgent(const std::filesystem::path& folder, std::string module, ChildEnvironment environment);

  /// Starts it and gives it the token by `ssh-add -s`, whose lines go to `step`.
  bool add(WayStep& step);

  [[nodiscard]] const std::string& socket() const { return socket_; }
  [[nodiscard]] bool is_running();
  /// What it has logged.
  [[nodiscard]] std::string log() const;

 private:
  std::string module_, socket_;
  std::filesystem::path log_path_;
  ChildEnvironment environment_;
  tpm::UniqueFd log_;
  std::optional<tpm::ChildProcess> agent_;
};

}  // namespace tpmprobe::walks
