// SPDX-License-Identifier: BSD-2-Clause
// What asks the program to stop. A run that goes on to its next command and looks at a flag has
// catch_interrupts(); a server that waits for descriptors has StopSignals. Neither takes what the
// program was started to ignore.
#include "cli/terminal/stop_signals.h"

#include <initializer_list>

#include <sys/signalfd.h>
#include <unistd.h>

namespace tpmprobe::cli {
namespace {

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "it is set from a signal handler");

// The second of any of the signals is left to what it does by itself.
extern "C" void remember(int number) {
  if (!interrupted.exchange(true)) return;
  std::signal(number, SIG_DFL);
  std::raise(number);
}

/// What nohup and a shell's background jobs ignore stays ignored.
bool is_ignored(int number) {
  struct sigaction present{};
  sigaction(number, nullptr, &present);
  return present.sa_handler == SIG_IGN;
}

}  // namespace

const std::atomic<bool>& catch_interrupts() {
  interrupted.store(false);
  struct sigaction action{};
  action.sa_handler = remember;
  action.sa_flags = SA_RESTART;
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    if (!is_ignored(number)) sigaction(number, &action, nullptr);
  }
  return interrupted;
}

StopSignals::StopSignals() {
  sigset_t stopping;
  sigemptyset(&stopping);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    if (!is_ignored(number)) sigaddset(&stopping, number);
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
