// SPDX-License-Identifier: BSD-2-Clause
#include "cli/ssh/supervised.h"

#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <fstream>
#include <iostream>
#include <optional>
#include <set>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/terminal/console.h"
#include "cli/terminal/stop_signals.h"
#include "tpm/clock.h"
#include "tpm/posix/child.h"
#include "tpm/posix/child_side.h"
#include "tpm/posix/poll.h"
#include "tpm/posix/unique_fd.h"

namespace tpmprobe::cli {
namespace {

int exit_code_of(int raw) {
  return WIFEXITED(raw) ? WEXITSTATUS(raw) : kExitInternal;
}

std::optional<int> reap(pid_t pid, int options) {
  int raw = 0;
  pid_t found = 0;
  while ((found = ::waitpid(pid, &raw, options)) < 0 && errno == EINTR) continue;
  return found == pid ? std::optional(exit_code_of(raw)) : std::nullopt;
}

std::set<pid_t> children() {
  std::ifstream list(fmt::format("/proc/self/task/{}/children", ::getpid()));
  std::set<pid_t> found;
  for (pid_t child = 0; list >> child;) found.insert(child);
  return found;
}

/// Those that lost their parent belong to the subreaper. `others` are spared: who came to this
/// program by exec may have had children before.
void kill_children(const std::set<pid_t>& others = {}) {
  constexpr int kRounds = 200;
  for (int round = 0; round < kRounds; ++round) {
    bool any = false;
    for (const pid_t child : children()) {
      if (others.contains(child)) continue;
      any = true;
      ::kill(child, SIGKILL);
      ::waitpid(child, nullptr, WNOHANG);
    }
    if (!any) return;
    constexpr useconds_t kMoment = 5000;
    ::usleep(kMoment);
  }
}

[[noreturn]] void work_and_exit(const SupervisedWork& supervised, pid_t supervisor,
                                const sigset_t& mask) {
  tpm::die_with_parent(supervisor);
  sigprocmask(SIG_SETMASK, &mask, nullptr);
  const int code = supervised.work();
  std::cout.flush();
  std::cerr.flush();
  ::_exit(code);
}

/// A signal that the first process got: an octet; its end: the end of the stream.
bool passes_signal_on(int lifeline, pid_t worker) {
  char number = 0;
  if (::read(lifeline, &number, 1) != 1) return false;
  ::kill(worker, number);
  return true;
}

/// Tells the first process what it has to remove if this one cannot.
void tell(int first, const std::filesystem::path& folder) {
  const auto& path = folder.native();
  static_cast<void>(::write(first, path.data(), path.size()) > 0);
}

std::filesystem::path told(int supervisor) {
  std::array<char, PATH_MAX> path{};
  const ssize_t count = ::read(supervisor, path.data(), path.size());
  return count > 0 ? std::string(path.data(), static_cast<std::size_t>(count)) : std::string();
}

void remove_folder(const std::filesystem::path& folder) {
  std::error_code ignored;
  if (!folder.empty()) std::filesystem::remove_all(folder, ignored);
}

int serve_worker(const SupervisedWork& supervised, int lifeline, const sigset_t& mask) {
  const pid_t self = ::getpid();
  const pid_t worker = ::fork();
  if (worker == 0) work_and_exit(supervised, self, mask);
  if (worker < 0) return kExitInternal;
  const auto ended = tpm::watch_process(worker);
  const tpm::SystemClock clock;
  std::optional<int> code;
  while (!(code = reap(worker, WNOHANG))) {
    supervised.serve(std::array{lifeline, ended.get()});
    const bool stirs = tpm::ready_before(lifeline, POLLIN, clock.now(), clock);
    if (stirs && !passes_signal_on(lifeline, worker)) break;
  }
  return code.value_or(kExitInternal);
}

int supervise(const SupervisedWork& supervised, int lifeline, int first, const sigset_t& mask) {
  // Who kills the group of the first process must not kill this one with it.
  ::setpgid(0, 0);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  const auto folder = supervised.prepare();
  if (!folder) return folder.error();
  tell(first, *folder);
  const int code = serve_worker(supervised, lifeline, mask);
  kill_children();
  supervised.settle();
  remove_folder(*folder);
  return code;
}

/// The raw status of the supervisor at its end.
int wait_for(pid_t supervisor, int lifeline, const StopSignals& signals) {
  const auto ended = tpm::watch_process(supervisor);
  const tpm::SystemClock clock;
  int raw = 0;
  while (::waitpid(supervisor, &raw, WNOHANG) != supervisor) {
    std::array<pollfd, 2> events{pollfd{ended.get(), POLLIN, 0}, pollfd{signals.fd(), POLLIN, 0}};
    tpm::poll_until(events, tpm::TimePoint::max(), clock);
    if (events[1].revents == 0) continue;
    const auto signal = signals.take();
    if (signal.number == 0) continue;
    const char octet = static_cast<char>(signal.number);
    static_cast<void>(::write(lifeline, &octet, 1) == 1);
  }
  return raw;
}

}  // namespace

int run_supervised(const SupervisedWork& supervised) {
  std::cout.flush();
  std::cerr.flush();
  // Down the lifeline go signals; up the other the name of the folder.
  std::array<int, 2> lifeline{}, folder{};
  if (::pipe2(lifeline.data(), O_CLOEXEC) != 0) return kExitInternal;
  if (::pipe2(folder.data(), O_CLOEXEC | O_NONBLOCK) != 0) return kExitInternal;
  const StopSignals signals;
  const auto others = children();
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // of those whose supervisor was killed
  const pid_t supervisor = ::fork();
  if (supervisor == 0) {
    ::close(lifeline[1]);  // else it would never see the end of the first process
    ::_exit(supervise(supervised, lifeline[0], folder[1], signals.mask_before()));
  }
  const tpm::UniqueFd pipes[]{tpm::UniqueFd(lifeline[0]), tpm::UniqueFd(lifeline[1]),
                              tpm::UniqueFd(folder[0]), tpm::UniqueFd(folder[1])};
  if (supervisor < 0) return kExitInternal;
  const int raw = wait_for(supervisor, lifeline[1], signals);
  if (WIFSIGNALED(raw)) {  // it could not put things in order
    kill_children(others);
    remove_folder(told(folder[0]));
  }
  return exit_code_of(raw);
}

}  // namespace tpmprobe::cli
