// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <utility>

#include "tpm/clock.h"

namespace tpmprobe::emulator {

/// The clock of the layers under a server: who waits by it returns at once, the wait is seen to
/// have passed, and is owed by the server, which holds the answer back for as long and can serve
/// everybody else meanwhile. Not for transports that wait for a real TPM.
class DelayClock final : public tpm::Clock {
 public:
  [[nodiscard]] tpm::TimePoint now() const override {
    return std::chrono::steady_clock::now() + owed_;
  }
  void sleep_until(tpm::TimePoint until) override {
    owed_ += std::max(tpm::Duration::zero(), until - now());
  }

  /// What was waited since the last call; from now on it is the caller's to make it true.
  tpm::Duration take_owed() { return std::exchange(owed_, tpm::Duration::zero()); }

 private:
  tpm::Duration owed_{0};
};

}  // namespace tpmprobe::emulator
