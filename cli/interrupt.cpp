// SPDX-License-Identifier: BSD-2-Clause
#include "cli/interrupt.h"

#include <csignal>

namespace tpmprobe::cli {
namespace {

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "it is set from a signal handler");

extern "C" void remember(int) {
  interrupted.store(true);
}

}  // namespace

const std::atomic<bool>& catch_interrupts() {
  interrupted.store(false);
  struct sigaction action{};
  action.sa_handler = remember;
  // One is caught; SA_RESETHAND leaves the next to the default action.
  action.sa_flags = static_cast<int>(SA_RESTART | SA_RESETHAND);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
  return interrupted;
}

}  // namespace tpmprobe::cli
