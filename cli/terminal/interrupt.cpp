// SPDX-License-Identifier: BSD-2-Clause
#include "cli/terminal/interrupt.h"

#include <csignal>
#include <initializer_list>

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

}  // namespace

const std::atomic<bool>& catch_interrupts() {
  interrupted.store(false);
  struct sigaction action{};
  action.sa_handler = remember;
  action.sa_flags = SA_RESTART;
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction present{};
    sigaction(number, nullptr, &present);
    // What nohup and a shell's background jobs ignore stays ignored.
    if (present.sa_handler != SIG_IGN) sigaction(number, &action, nullptr);
  }
  return interrupted;
}

}  // namespace tpmprobe::cli
