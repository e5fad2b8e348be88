// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include <sys/types.h>

#include "tpm/clock.h"
#include "tpm/error.h"
#include "tpm/posix/descriptor.h"

namespace tpmprobe::tpm {

/// How a process ended.
struct ExitStatus {
  int code = 0;    ///< what it gave to exit(3); 0 if a signal ended it
  int signal = 0;  ///< the signal that ended it, 0 if none did

  [[nodiscard]] bool succeeded() const { return code == 0 && signal == 0; }
};

/// What keeps a child apart from its owner.
enum class Apart : std::uint8_t {
  session,  ///< a session of its own: Ctrl-C and the terminal's hang-up do not reach it; every
            ///< signal at its default and unblocked
  group,    ///< only a process group of its own: it still sees the terminal; signals as ours are
};

/// A descriptor that becomes readable when this process (of any user) ends; none if there is no
/// such process (pidfd_open(2)).
UniqueFd watch_process(pid_t pid);

/// One child process and its owner. When it ends or its owner lets go of it, whatever else still
/// runs in its process group is killed with it.
class Child {
 public:
  Child() = default;
  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;
  ~Child() { kill(); }

  /// Forks; the child runs `body` and ends with what it returns. `body` may use nothing that
  /// another thread could hold locked at this moment. Error: io.
  static Expected<Child> fork(const std::function<int()>& body, Apart apart = Apart::session);

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

/// In a child: has the kernel end this process with SIGKILL when the thread that forked it ends,
/// for whatever reason. `parent` is the process that forked: if it is gone already, this process
/// ends at once.
void die_with_parent(pid_t parent);

/// In a child that goes on without exec(2): standard input and output (and standard error, unless
/// it is to be kept) become /dev/null, `keep` becomes descriptor 3, which is returned, and every
/// other descriptor is closed.
int keep_only(int keep, bool keep_stderr);

}  // namespace tpmprobe::tpm
