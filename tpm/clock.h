// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>

namespace tpmprobe::tpm {

using Duration = std::chrono::nanoseconds;
using TimePoint = std::chrono::time_point<std::chrono::steady_clock, Duration>;

/// For reports: with its fraction.
inline double milliseconds(Duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

/// Time as the transports see it: what waits, waits through this.
class Clock {
 public:
  virtual ~Clock() = default;

  /// Monotonic time; only differences mean anything.
  [[nodiscard]] virtual TimePoint now() const = 0;

  /// Returns when `until` has come; at once if it has passed.
  virtual void sleep_until(TimePoint until) = 0;

  void sleep_for(Duration duration) { sleep_until(now() + duration); }
};

/// The machine's steady clock.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override;
  void sleep_until(TimePoint until) override;
};

/// The steady clock plus every wait so far: waits cost nothing, and yet everybody who reads this
/// clock sees them pass. For the embedded TPM, where delays, back-off and never-answers are only
/// pretended.
class VirtualClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override;
  void sleep_until(TimePoint until) override;

 private:
  Duration skipped_{0};
};

}  // namespace tpmprobe::tpm
