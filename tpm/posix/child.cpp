// SPDX-License-Identifier: BSD-2-Clause
// One child process: forked, kept apart from us, watched, and killed with its whole group.
// Child::fork() is the beginning of every process of ours but the user's own command; reap() is
// its end. Below stand the two things that a child does to itself.
#include "tpm/posix/child.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <initializer_list>
#include <utility>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tpm/posix/descriptor.h"

namespace tpmprobe::tpm {
namespace {

void start_session() {
  ::setsid();
  for (int number = 1; number < NSIG; ++number) std::signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// An exception must never unwind into the copy of the parent's stack.
[[noreturn]] void run_and_exit(const std::function<int()>& body, Apart apart) noexcept {
  if (apart == Apart::session) {
    start_session();
  } else {
    ::setpgid(0, 0);
  }
  ::_exit(body());
}

ExitStatus status_from(int raw) {
  if (WIFSIGNALED(raw)) return {0, WTERMSIG(raw)};
  return {WEXITSTATUS(raw), 0};
}

}  // namespace

UniqueFd watch_process(pid_t pid) {
  // glibc has pidfd_open(), but 2.36 declares it as a C++ function to C++.
  return UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)),
      exit_event_(std::move(other.exit_event_)),
      status_(other.status_) {}

Child& Child::operator=(Child&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(exit_event_, other.exit_event_);
  std::swap(status_, other.status_);
  return *this;
}

Expected<Child> Child::fork(const std::function<int()>& body, Apart apart) {
  Child child;
  const pid_t pid = ::fork();
  if (pid == 0) run_and_exit(body, apart);
  if (pid < 0) return os_failure("cannot start another process", errno);
  child.pid_ = pid;
  child.exit_event_ = watch_process(pid);
  if (!child.exit_event_) return os_failure("cannot watch a process", errno);
  return child;
}

std::optional<ExitStatus> Child::wait(TimePoint until, const Clock& clock) {
  if (pid_ != 0) {
    if (!ready_before(exit_event_.get(), POLLIN, until, clock)) return std::nullopt;
    reap();
  }
  return status_;
}

void Child::kill() {
  if (pid_ == 0) return;
  // The child may not lead its group yet, so it is named both as group and as itself.
  ::kill(-pid_, SIGKILL);
  ::kill(pid_, SIGKILL);
  const SystemClock clock;
  if (exit_event_)
    ready_before(exit_event_.get(), POLLIN, clock.now() + std::chrono::seconds(2), clock);
  reap();
}

void Child::reap() {
  // As long as the leader is not reaped, its number cannot belong to anybody else.
  ::kill(-pid_, SIGKILL);
  int raw = 0;
  if (::waitpid(pid_, &raw, WNOHANG) == pid_) status_ = status_from(raw);
  pid_ = 0;
  exit_event_.reset();
}

void die_with_parent(pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);
}

int keep_only(int keep, bool keep_stderr) {
  constexpr int kKept = 3;
  // dup2 onto itself would leave close-on-exec set, which does no harm without exec.
  ::dup2(keep, kKept);
  ::close_range(kKept + 1, ~0U, 0);
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (standard != STDERR_FILENO || !keep_stderr) ::dup2(null, standard);
  }
  ::close(null);
  return kKept;
}

}  // namespace tpmprobe::tpm
