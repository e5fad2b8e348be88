// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/transport/device.h"

#include <cerrno>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "knowledge/wire.h"
#include "tpm/posix/descriptor.h"
#include "tpm/transport/limits.h"

namespace tpmprobe::tpm {
namespace {

tl::unexpected<Error> open_failure(const std::string& path, int number) {
  switch (number) {
    case ENOENT:
    case ENXIO:
    case ENODEV:
    case ENOTDIR:
      return fail(Error::Kind::no_device, 0, fmt::format("there is no TPM at {}", path));
    case EBUSY:
      return fail(
          Error::Kind::no_access, 0,
          fmt::format("another program has {} open, and only one program at a time can use it",
                      path));
    case EACCES:
    case EPERM:
      return fail(Error::Kind::no_access, 0,
                  fmt::format("this user is not allowed to open {}", path));
    default:
      return os_failure("cannot open " + path, number);
  }
}

/// poll(2) and read(2) on a TPM device sleep on the lock that the kernel holds while the TPM works,
/// so neither keeps a time-out. epoll_wait(2) does, on two conditions: the device is added while no
/// command is under way, and edge-triggered, so that it is looked at only after it has announced a
/// response.
Expected<UniqueFd> watch(int device, const std::string& name) {
  UniqueFd events(::epoll_create1(EPOLL_CLOEXEC));
  epoll_event interest{};
  interest.events = EPOLLIN | EPOLLET;
  if (!events) return os_failure("cannot wait for events", errno);
  if (::epoll_ctl(events.get(), EPOLL_CTL_ADD, device, &interest) != 0) {
    return fail(Error::Kind::no_device, 0, fmt::format("{} is not a TPM device", name));
  }
  return events;
}

}  // namespace

Expected<std::unique_ptr<DeviceTransport>> DeviceTransport::open(const std::string& path,
                                                                 const Clock& clock) {
  UniqueFd device(::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
  if (!device) return open_failure(path, errno);
  return adopt(std::move(device), path, clock);
}

Expected<std::unique_ptr<DeviceTransport>> DeviceTransport::adopt(UniqueFd device, std::string name,
                                                                  const Clock& clock) {
  auto events = watch(device.get(), name);
  if (!events) return tl::unexpected(events.error());
  return std::unique_ptr<DeviceTransport>(
      new DeviceTransport(std::move(device), std::move(*events), std::move(name), clock));
}

Expected<Bytes> DeviceTransport::transmit(ByteView command, TimePoint deadline) {
  const std::uint32_t code = knowledge::command_code(command);
  if (auto ready = discard_late_response(deadline, code); !ready) {
    return tl::unexpected(ready.error());
  }
  const ssize_t written = ::write(device_.get(), command.data(), command.size());
  if (written != static_cast<ssize_t>(command.size())) {
    return os_failure("cannot send a command to " + name_, written < 0 ? errno : EMSGSIZE, code);
  }
  response_owed_ = true;
  if (!answered_before(deadline)) {
    return fail(Error::Kind::timeout, code, fmt::format("{} did not answer in time", name_));
  }
  return read_response(code);
}

bool DeviceTransport::answered_before(TimePoint deadline) {
  while (true) {
    epoll_event event{};
    const int milliseconds = milliseconds_left(deadline, clock_);
    if (::epoll_wait(events_.get(), &event, 1, milliseconds) > 0) return true;
    if (milliseconds == 0) return false;
  }
}

Expected<void> DeviceTransport::discard_late_response(TimePoint deadline, std::uint32_t command) {
  if (!response_owed_) return {};
  if (!answered_before(deadline)) {
    return fail(Error::Kind::timeout, command,
                fmt::format("{} is still working on the previous command, which timed out", name_));
  }
  // What it was, a response or a failure, concerns nobody any more.
  auto late = read_response(command);
  return {};
}

Expected<Bytes> DeviceTransport::read_response(std::uint32_t command) {
  Bytes response(kMaxResponseSize);
  const ssize_t count = ::read(device_.get(), response.data(), response.size());
  if (count < 0) return os_failure("cannot read the response from " + name_, errno, command);
  response_owed_ = false;
  if (count == 0) {
    return fail(Error::Kind::closed, command, fmt::format("{} returned no response", name_));
  }
  response.resize(static_cast<std::size_t>(count));
  return response;
}

}  // namespace tpmprobe::tpm
