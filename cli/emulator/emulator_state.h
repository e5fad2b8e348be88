// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "emulator/embedded_tpm.h"
#include "tpm/posix/unique_fd.h"

namespace tpmprobe::cli {

/// A folder in which the NV memory of an embedded TPM survives: a file NAME.nv for each part of
/// it. One emulator at a time uses it.
class EmulatorState {
 public:
  /// Makes the folder (mode 0700) if it is not there, and locks it. The error is one line.
  static tl::expected<EmulatorState, std::string> open(const std::filesystem::path& folder);

  /// The memory that was saved last, empty at first. The error is one line.
  [[nodiscard]] tl::expected<emulator::NvState, std::string> load() const;

  /// Writes each part whole or not at all. The reason if that failed.
  [[nodiscard]] std::optional<std::string> save(const emulator::NvState& state) const;

 private:
  EmulatorState(std::filesystem::path folder, tpm::UniqueFd lock)
      : folder_(std::move(folder)), lock_(std::move(lock)) {}

  std::filesystem::path folder_;
  tpm::UniqueFd lock_;
};

}  // namespace tpmprobe::cli
