// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>
#include <functional>
#include <span>

namespace tpmprobe::cli {

/// Work that starts other programs, and what has to be around it.
struct SupervisedWork {
  /// Runs in the supervisor before all else, with the private folder of the whole. Its value is
  /// kExitOk; or the exit code of the whole if there is no way on, after the line that says why.
  std::function<int(const std::filesystem::path& folder)> prepare;
  /// Runs in the worker; its value is the exit code of the whole. The programs that it starts, and
  /// theirs, are ended when it has ended.
  std::function<int()> work;
  /// Runs in the supervisor meanwhile: serves until one of the descriptors is readable.
  std::function<void(std::span<const int> events)> serve;
  /// Runs in the supervisor when every program has ended: puts the TPM in order. Also if `prepare`
  /// found no way on.
  std::function<void()> settle;
};

/// Runs `work` so that nothing of it outlives it, also if any one of the processes is killed by
/// SIGKILL. The process that the user knows waits and passes signals on; its child is a
/// tpm::Supervisor, which serves; the worker is the supervisor's child. These two are not in the
/// process group of the first. If the supervisor is killed, the worker dies with it, and the first
/// process ends and removes what it would have. For a process with one thread.
int run_supervised(const SupervisedWork& supervised);

}  // namespace tpmprobe::cli
