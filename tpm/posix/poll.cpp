// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/posix/poll.h"

#include <algorithm>
#include <limits>

namespace tpmprobe::tpm {

int milliseconds_left(TimePoint until, const Clock& clock) {
  if (until == TimePoint::max()) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - clock.now()).count();
  constexpr decltype(left) kLongest = std::numeric_limits<int>::max();
  return static_cast<int>(std::clamp<decltype(left)>(left, 0, kLongest));
}

bool poll_until(std::span<pollfd> descriptors, TimePoint until, const Clock& clock) {
  while (true) {
    const int milliseconds = milliseconds_left(until, clock);
    if (::poll(descriptors.data(), descriptors.size(), milliseconds) > 0) return true;
    if (milliseconds == 0) return false;
  }
}

bool ready_before(int fd, short events, TimePoint until, const Clock& clock) {
  pollfd one{fd, events, 0};
  return poll_until({&one, 1}, until, clock);
}

}  // namespace tpmprobe::tpm
