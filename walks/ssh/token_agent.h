// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "walks/ssh/way_bench.h"

namespace tpmprobe::walks {

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
