// SPDX-License-Identifier: BSD-2-Clause
#include "cli/terminal/stop_signals.h"

#include <sys/signalfd.h>
#include <unistd.h>

namespace tpmprobe::cli {

StopSignals::StopSignals() {
  sigset_t stopping;
  sigemptyset(&stopping);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction present{};
    sigaction(number, nullptr, &present);
    if (present.sa_handler != SIG_IGN) sigaddset(&stopping, number);
  }
  sigprocmask(SIG_BLOCK, &stopping, &before_);
  descriptor_ = tpm::UniqueFd(::signalfd(-1, &stopping, SFD_CLOEXEC | SFD_NONBLOCK));
}

StopSignals::~StopSignals() {
  // One that nobody took would end the program now.
  while (take().number != 0) continue;
  sigprocmask(SIG_SETMASK, &before_, nullptr);
}

StopSignal StopSignals::take() const {
  signalfd_siginfo info{};
  if (::read(descriptor_.get(), &info, sizeof info) != sizeof info) return {};
  return {static_cast<int>(info.ssi_signo), info.ssi_code == SI_KERNEL};
}

}  // namespace tpmprobe::cli
