// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/posix/stream.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include <fcntl.h>
#include <fmt/format.h>

#include "tpm/posix/descriptor.h"

namespace tpmprobe::tpm {
namespace {

bool must_wait(int number) {
  return number == EAGAIN || number == EINTR;
}

tl::unexpected<Error> no_answer(std::string_view peer) {
  return fail(Error::Kind::timeout, 0, fmt::format("{} did not answer in time", peer));
}

tl::unexpected<Error> broken(std::string_view peer, int number) {
  if (number == EPIPE || number == ECONNRESET) {
    return fail(Error::Kind::closed, 0, fmt::format("{} closed the connection", peer));
  }
  return os_failure(fmt::format("the connection to {} failed", peer), number);
}

}  // namespace

Expected<SocketPair> make_socket_pair(int type) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return os_failure("cannot create a pair of sockets", errno);
  }
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return SocketPair{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

Expected<void> send_all(int socket, ByteView octets, TimePoint deadline, const Clock& clock,
                        std::string_view peer) {
  while (!octets.empty()) {
    const ssize_t count = ::send(socket, octets.data(), octets.size(), MSG_NOSIGNAL);
    if (count < 0 && !must_wait(errno)) return broken(peer, errno);
    octets = octets.subspan(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count < 0 && !ready_before(socket, POLLOUT, deadline, clock)) return no_answer(peer);
  }
  return {};
}

Expected<std::size_t> receive_some(int socket, Bytes& octets, std::size_t limit, TimePoint deadline,
                                   const Clock& clock, std::string_view peer) {
  const std::size_t before = octets.size();
  while (true) {
    if (!ready_before(socket, POLLIN, deadline, clock)) return no_answer(peer);
    octets.resize(before + limit);
    const ssize_t count = ::recv(socket, octets.data() + before, limit, 0);
    const int number = errno;
    octets.resize(before + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count >= 0) return static_cast<std::size_t>(count);
    if (!must_wait(number)) return broken(peer, number);
  }
}

Expected<void> receive_all(int socket, std::span<std::uint8_t> octets, TimePoint deadline,
                           const Clock& clock, std::string_view peer) {
  Bytes received;
  while (received.size() < octets.size()) {
    const auto count =
        receive_some(socket, received, octets.size() - received.size(), deadline, clock, peer);
    if (!count) return tl::unexpected(count.error());
    if (*count == 0) return broken(peer, ECONNRESET);
  }
  std::ranges::copy(received, octets.begin());
  return {};
}

}  // namespace tpmprobe::tpm
