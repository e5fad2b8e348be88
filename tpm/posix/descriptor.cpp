// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/posix/descriptor.h"

#include <algorithm>
#include <cerrno>
#include <limits>
#include <system_error>

#include <fmt/format.h>

namespace tpmprobe::tpm {

tl::unexpected<Error> os_failure(std::string_view what, int number, std::uint32_t command) {
  const bool denied = number == EACCES || number == EPERM;
  return fail(denied ? Error::Kind::no_access : Error::Kind::io, command,
              fmt::format("{}: {}", what, os_error_text(number)));
}

std::string os_error_text(int number) {
  return std::generic_category().message(number);
}

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
