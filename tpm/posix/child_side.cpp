// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/posix/child_side.h"

#include <csignal>
#include <initializer_list>

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace tpmprobe::tpm {

void detach_child() {
  ::setsid();
  for (int number = 1; number < NSIG; ++number) std::signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
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
