// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <optional>

#include <sys/types.h>

#include "tpm/clock.h"
#include "tpm/error.h"
#include "tpm/posix/unique_fd.h"

namespace tpmprobe::tpm {

/// How a process ended.
struct ExitStatus {
  int code = 0;    ///< what it gave to exit(3); 0 if a signal ended it
  int signal = 0;  ///< the signal that ended it, 0 if none did

  [[nodiscard]] bool succeeded() const { return code == 0 && signal == 0; }
};

/// A descriptor that becomes readable when this process (of anybody) ends; none if there is no
/// such process (pidfd_open(2)).
UniqueFd watch_process(pid_t pid);

/// One child process and its owner. Every child leads a session of its own; when it ends or its
/// owner lets go of it, whatever else still runs in that process group is killed with it.
class Child {
 public:
  Child() = default;
  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;
  ~Child() { kill(); }

  /// Forks; the child runs `body` (after detach_child()) and ends with what it returns. `body` may
  /// use nothing that another thread could hold locked at this moment.
  static Expected<Child> fork(const std::function<int()>& body);

  /// Process id, 0 if there is no process (any more).
  [[nodiscard]] pid_t pid() const { return pid_; }

  /// Becomes readable when the process ends; for poll(2).
  [[nodiscard]] int exit_event() const { return exit_event_.get(); }

  /// Waits for the end of the process; nothing if it still runs at `until`. After the end, or
  /// without a process, it answers at once what was seen last.
  std::optional<ExitStatus> wait(TimePoint until, const Clock& clock);

  /// SIGKILL to the whole process group, and reaped; a process that the kernel does not let go (it
  /// is inside a driver) is given up after two seconds.
  void kill();

 private:
  void reap();

  pid_t pid_ = 0;
  UniqueFd exit_event_;
  ExitStatus status_;
};

}  // namespace tpmprobe::tpm
