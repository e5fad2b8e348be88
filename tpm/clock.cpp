// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/clock.h"

#include <algorithm>
#include <thread>

namespace tpmprobe::tpm {

TimePoint SystemClock::now() const {
  return std::chrono::steady_clock::now();
}

void SystemClock::sleep_until(TimePoint until) {
  std::this_thread::sleep_until(until);
}

TimePoint VirtualClock::now() const {
  return std::chrono::steady_clock::now() + skipped_;
}

void VirtualClock::sleep_until(TimePoint until) {
  skipped_ += std::max(Duration::zero(), until - now());
}

}  // namespace tpmprobe::tpm
