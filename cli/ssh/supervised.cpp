// SPDX-License-Identifier: BSD-2-Clause
// Work in three processes. run_supervised() is the first, which the user started: it starts the
// supervisor and passes signals on to it (wait_for). The supervisor's part is serve_worker(), the
// worker's work_and_end(). What is killed and removed when one of them dies:
// tpm/posix/supervisor.h.
#include "cli/ssh/supervised.h"

#include <array>
#include <csignal>
#include <iostream>
#include <optional>

#include <sys/socket.h>
#include <unistd.h>

#include "cli/terminal/console.h"
#include "cli/terminal/stop_signals.h"
#include "tpm/posix/descriptor.h"
#include "tpm/posix/supervisor.h"

namespace tpmprobe::cli {
namespace {

int exit_code_of(const std::optional<tpm::ExitStatus>& status) {
  return status && status->signal == 0 ? status->code : kExitInternal;
}

void flush_streams() {
  std::cout.flush();
  std::cerr.flush();
}

int work_and_end(const SupervisedWork& supervised, pid_t supervisor, const sigset_t& mask) {
  tpm::die_with_parent(supervisor);
  sigprocmask(SIG_SETMASK, &mask, nullptr);
  const int code = supervised.work();
  flush_streams();
  return code;
}

/// A signal that the first process got; false at the end of the first process.
bool passes_signal_on(int first, pid_t worker) {
  char number = 0;
  if (::recv(first, &number, sizeof number, 0) != sizeof number) return false;
  ::kill(worker, number);
  return true;
}

int serve_worker(const SupervisedWork& supervised, int first, const sigset_t& mask) {
  const auto work = [&, self = ::getpid()] { return work_and_end(supervised, self, mask); };
  auto worker = tpm::Child::fork(work, tpm::Apart::group);
  if (!worker) return kExitInternal;
  const tpm::SystemClock clock;
  std::optional<tpm::ExitStatus> status;
  while (!(status = worker->wait(clock.now(), clock))) {
    supervised.serve(std::array{first, worker->exit_event()});
    const bool stirs = tpm::ready_before(first, POLLIN, clock.now(), clock);
    if (stirs && !passes_signal_on(first, worker->pid())) break;
  }
  return exit_code_of(status);
}

std::optional<tpm::ExitStatus> wait_for(tpm::Supervisor& supervisor, const StopSignals& signals) {
  auto& child = supervisor.child();
  const tpm::SystemClock clock;
  std::optional<tpm::ExitStatus> status;
  while (!(status = child.wait(clock.now(), clock))) {
    std::array events{pollfd{child.exit_event(), POLLIN, 0}, pollfd{signals.fd(), POLLIN, 0}};
    tpm::poll_until(events, tpm::TimePoint::max(), clock);
    const auto number = static_cast<char>(signals.take().number);
    if (number != 0) ::send(supervisor.socket(), &number, sizeof number, MSG_NOSIGNAL);
  }
  return status;
}

}  // namespace

int run_supervised(const SupervisedWork& supervised) {
  flush_streams();
  const StopSignals signals;
  const tpm::Descendants descendants;  // of a supervisor that was killed
  const auto serve = [&](int first, const std::filesystem::path& folder) {
    const int code = supervised.prepare(folder);
    return code == kExitOk ? serve_worker(supervised, first, signals.mask_before()) : code;
  };
  auto supervisor = tpm::Supervisor::start({serve, supervised.settle, true});
  if (!supervisor) {
    std::cerr << "tpmprobe: " << supervisor.error().message << std::endl;
    return kExitInternal;
  }
  const auto status = wait_for(*supervisor, signals);
  if (status->signal != 0) descendants.kill();
  return exit_code_of(status);
}

}  // namespace tpmprobe::cli
