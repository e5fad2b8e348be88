// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <span>

#include <poll.h>

#include "tpm/clock.h"

namespace tpmprobe::tpm {

/// Time-out argument of poll(2) and epoll_wait(2) that lasts until `until`: milliseconds rounded
/// up, 0 if it has passed, -1 (for ever) if `until` is TimePoint::max().
int milliseconds_left(TimePoint until, const Clock& clock);

/// Waits until one of the descriptors reports an event or `until` has come; interrupting signals do
/// not end the wait. The answer is false if the time passed without any event.
bool poll_until(std::span<pollfd> descriptors, TimePoint until, const Clock& clock);

/// The same for one descriptor; `events` is POLLIN or POLLOUT. A hang-up or an error counts as
/// ready: the read or write that follows reports it.
bool ready_before(int fd, short events, TimePoint until, const Clock& clock);

}  // namespace tpmprobe::tpm
