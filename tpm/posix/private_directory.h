// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>

#include "tpm/error.h"

namespace tpmprobe::tpm {

/// A new empty directory in $TMPDIR (/tmp if that is unset or relative) that only this user may
/// enter; removed with everything in it when its owner goes.
class PrivateDirectory {
 public:
  static Expected<PrivateDirectory> create();

  PrivateDirectory(PrivateDirectory&& other) noexcept : path_(std::move(other.path_)) {
    other.path_.clear();
  }
  PrivateDirectory& operator=(PrivateDirectory&& other) noexcept {
    path_.swap(other.path_);
    return *this;
  }
  ~PrivateDirectory();

  /// Absolute path.
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  explicit PrivateDirectory(std::filesystem::path path) : path_(std::move(path)) {}

  std::filesystem::path path_;
};

}  // namespace tpmprobe::tpm
