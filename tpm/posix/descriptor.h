// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>
#include <fstream>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include <poll.h>
#include <unistd.h>

#include "tpm/clock.h"
#include "tpm/error.h"

namespace tpmprobe::tpm {

/// An open file descriptor with one owner, who closes it.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  UniqueFd(const UniqueFd&) = delete;
  UniqueFd& operator=(const UniqueFd&) = delete;
  ~UniqueFd() { reset(); }

  /// The descriptor, -1 if there is none.
  [[nodiscard]] int get() const { return fd_; }

  explicit operator bool() const { return fd_ >= 0; }

  /// Gives the descriptor up without closing it.
  int release() { return std::exchange(fd_, -1); }

  /// Closes now.
  void reset() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_ = -1;
};

/// Error for a system call that failed with `number` (an errno value) while doing `what`, a clause
/// such as "cannot open /dev/tpmrm0". EACCES and EPERM are no_access, everything else is io.
tl::unexpected<Error> os_failure(std::string_view what, int number, std::uint32_t command = 0);

/// What errno value `number` means, as strerror(3) says it.
std::string os_error_text(int number);

/// Time-out argument of poll(2) and epoll_wait(2) that lasts until `until`: milliseconds rounded
/// up, 0 if it has passed, -1 (for ever) if `until` is TimePoint::max().
int milliseconds_left(TimePoint until, const Clock& clock);

/// Waits until one of the descriptors reports an event or `until` has come; interrupting signals do
/// not end the wait. The answer is false if the time passed without any event.
bool poll_until(std::span<pollfd> descriptors, TimePoint until, const Clock& clock);

/// The same for one descriptor; `events` is POLLIN or POLLOUT. A hang-up or an error counts as
/// ready: the read or write that follows reports it.
bool ready_before(int fd, short events, TimePoint until, const Clock& clock);

/// All of a file of our own, or of one that was looked at before: of a pipe or a device it would
/// wait for the end. Empty if it cannot be read.
inline std::string whole_file(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return std::move(text).str();
}

}  // namespace tpmprobe::tpm
