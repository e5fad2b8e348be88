// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>
#include <functional>
#include <span>

namespace tpmprobe::cli {

/// Work that starts other programs, and what has to be around it.
struct SupervisedWork {
  /// Runs in the worker; its value is the exit code of the whole. The programs that it starts, and
  /// theirs, are ended when it has ended.
  std::function<int()> work;
  /// Runs in the supervisor meanwhile: serves until one of the descriptors is readable.
  std::function<void(std::span<const int> events)> serve;
  /// Runs in the supervisor when every program has ended: puts the TPM in order.
  std::function<void()> settle;
  /// Removed with everything in it at the end, whatever the end was.
  std::filesystem::path folder;
};

/// Runs `work` so that nothing of it outlives it, also if any one of the processes is killed by
/// SIGKILL. The process that the user knows waits and passes signals on; its child, the supervisor,
/// serves and is the subreaper (PR_SET_CHILD_SUBREAPER) of everything below, so that no daemon
/// escapes it; the worker is the supervisor's child. These two are in a process group of their own.
/// For a process with one thread.
int run_supervised(const SupervisedWork& supervised);

}  // namespace tpmprobe::cli
