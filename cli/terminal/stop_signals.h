// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <atomic>
#include <csignal>

#include "tpm/posix/descriptor.h"

namespace tpmprobe::cli {

/// From the first SIGINT, SIGTERM or SIGHUP on this is true, and the run ends after the command
/// that is under way; a second signal ends the program at once, as if nobody caught it.
const std::atomic<bool>& catch_interrupts();

/// A signal that asked the program to stop.
struct StopSignal {
  int number = 0;              ///< 0 if there was none
  bool from_terminal = false;  ///< whoever else runs in the terminal's foreground has it, too
};

/// While it lives, SIGINT, SIGTERM and SIGHUP do not end the program but make a descriptor
/// readable; those that were ignored before (nohup) stay so.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  /// Readable when a signal has come; for poll(2).
  [[nodiscard]] int fd() const { return descriptor_.get(); }

  /// Takes the signal that has come.
  [[nodiscard]] StopSignal take() const;

  /// The signal mask as it was before: for a child.
  [[nodiscard]] const sigset_t& mask_before() const { return before_; }

 private:
  sigset_t before_{};
  tpm::UniqueFd descriptor_;
};

}  // namespace tpmprobe::cli
