// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>

#include "tpm/error.h"
#include "tpm/posix/descriptor.h"

namespace tpmprobe::tpm {

/// A new directory in $TMPDIR (/tmp if that is unset or relative) that only this user may enter;
/// removed with everything in it when its owner goes.
///
/// An owner that is killed leaves it behind, and a later start removes it (remove_abandoned). For
/// this there is a file ".owner" in it, on which every owner holds a shared lock (flock(2)). The
/// kernel drops a lock when the last descriptor of it is closed, so there is no process number that
/// could be given away again, and a stopped owner is not a dead one. A child shares the lock as
/// long as it goes on without exec(2): it may be using the directory, too.
///
/// The file is locked before it gets its name. So one that is not locked is never that of a process
/// that is just about to lock it, and a directory without one (just being made, or made by a
/// version that had no such file) is left alone.
class PrivateDirectory {
 public:
  /// Error: no_access or io; the message names $TMPDIR.
  static Expected<PrivateDirectory> create();

  /// One more owner for the directory of another process of ours, which must still be its owner.
  static PrivateDirectory share(const std::filesystem::path& path);

  /// Removes what killed owners left in $TMPDIR: only directories that this user owns, with the
  /// name and the free lock of one of ours. Never follows a symbolic link.
  static void remove_abandoned();

  PrivateDirectory(PrivateDirectory&& other) noexcept
      : path_(std::move(other.path_)), lock_(std::move(other.lock_)) {
    other.path_.clear();
  }
  PrivateDirectory& operator=(PrivateDirectory&& other) noexcept {
    path_.swap(other.path_);
    lock_ = std::move(other.lock_);
    return *this;
  }
  ~PrivateDirectory();

  /// Absolute path.
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  PrivateDirectory(std::filesystem::path path, UniqueFd lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}

  std::filesystem::path path_;
  UniqueFd lock_;
};

}  // namespace tpmprobe::tpm
