// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <csignal>
#include <string>
#include <vector>

#include <sys/types.h>

#include "cli/emulator/client_environment.h"
#include "tpm/error.h"
#include "tpm/posix/unique_fd.h"

namespace tpmprobe::cli {

/// A user's own command that runs in our place: our terminal, standard streams, process group and
/// directory. It is not ended with us.
class ForegroundChild {
 public:
  /// Starts `argv` (looked up in $PATH) with these variables beside ours and this signal mask.
  /// Error: it cannot be started.
  static Expected<ForegroundChild> start(const std::vector<std::string>& argv,
                                         const Variables& variables, const sigset_t& mask);

  /// Becomes readable when it ends; for poll(2).
  [[nodiscard]] int exit_event() const { return exit_event_.get(); }

  /// Passes a signal on.
  void signal(int number) const;

  /// Waits for its end. As a shell says it: its exit code, or 128 and the signal's number.
  [[nodiscard]] int wait() const;

 private:
  ForegroundChild(pid_t pid, tpm::UniqueFd exit_event)
      : pid_(pid), exit_event_(std::move(exit_event)) {}

  pid_t pid_;
  tpm::UniqueFd exit_event_;
};

}  // namespace tpmprobe::cli
