// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string_view>

#include "tpm/posix/unique_fd.h"

namespace tpmprobe::tpm {

/// Says to other tpmprobe processes, of any user, that this one is at work on a TPM: a name in the
/// abstract UNIX socket namespace, which leaves no file and ends with the process, also after kill
/// -9. It forbids nothing; who does not get it must leave unknown objects alone.
class TpmLock {
 public:
  /// nullopt: another live process has it (or sockets cannot be had at all). `key` names the TPM
  /// whatever way it was spelt.
  static std::optional<TpmLock> acquire(std::string_view key);

 private:
  explicit TpmLock(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

}  // namespace tpmprobe::tpm
