// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>
#include <functional>
#include <span>

#include <tl/expected.hpp>

namespace tpmprobe::cli {

/// Work that starts other programs, and what has to be around it.
struct SupervisedWork {
  /// Runs in the supervisor before all else, so that nothing is there that nobody would remove. Its
  /// value is a folder that is removed with everything in it at the end, whatever the end was; or
  /// the exit code if there is none, after the line that says why.
  std::function<tl::expected<std::filesystem::path, int>()> prepare;
  /// Runs in the worker; its value is the exit code of the whole. The programs that it starts, and
  /// theirs, are ended when it has ended.
  std::function<int()> work;
  /// Runs in the supervisor meanwhile: serves until one of the descriptors is readable.
  std::function<void(std::span<const int> events)> serve;
  /// Runs in the supervisor when every program has ended: puts the TPM in order.
  std::function<void()> settle;
};

/// Runs `work` so that nothing of it outlives it, also if any one of the processes is killed by
/// SIGKILL. The process that the user knows waits and passes signals on; its child, the supervisor,
/// serves and is the subreaper (PR_SET_CHILD_SUBREAPER) of everything below, so that no daemon
/// escapes it; the worker is the supervisor's child. These two are in a process group of their own.
/// If the supervisor is killed, the first process ends and removes what it would have.
/// For a process with one thread.
int run_supervised(const SupervisedWork& supervised);

}  // namespace tpmprobe::cli
