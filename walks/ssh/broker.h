// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "tpm/posix/process.h"
#include "walks/ssh/walk_bench.h"

namespace tpmprobe::walks {

/// A tpm2-abrmd of our own on a D-Bus of our own: tpm2_ptool needs a resource manager.
class Broker {
 public:
  /// Starts both in `folder` before the TPM at `tcti`, and waits until the name is on the bus.
  static Expected<Broker> start(const std::filesystem::path& folder, const std::string& tcti);

  /// What leads clients to it.
  [[nodiscard]] ChildEnvironment environment() const;

 private:
  std::string address_;
  tpm::UniqueFd log_;
  std::optional<tpm::ChildProcess> bus_, broker_;
};

}  // namespace tpmprobe::walks
