// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/transport/swtpm.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>

#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "knowledge/wire.h"
#include "tpm/layers/header.h"
#include "tpm/posix/descriptor.h"
#include "tpm/posix/stream.h"
#include "tpm/transport/limits.h"

namespace tpmprobe::tpm {
namespace {

tl::unexpected<Error> misspelt(std::string_view configuration) {
  return fail(
      Error::Kind::tss, 0,
      fmt::format(
          "\"swtpm:{}\" does not have the form swtpm:path=SOCKET or swtpm:host=NAME,port=NUMBER",
          configuration));
}

bool is_port(std::string_view text) {
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() && number != 0;
}

bool set_field(SwtpmAddress& address, std::string_view key, std::string_view value) {
  if (value.empty()) return false;
  if (key == "path") address.path = value;
  if (key == "host") address.host = value;
  if (key == "port") address.port = value;
  return key == "path" || key == "host" || (key == "port" && is_port(value));
}

Expected<SwtpmEndpoint> unix_endpoint(const std::string& path) {
  SwtpmEndpoint result;
  auto& address = reinterpret_cast<sockaddr_un&>(result.address);
  if (path.size() >= sizeof address.sun_path) {
    return fail(Error::Kind::no_device, 0,
                fmt::format("the path {} is too long for a socket", path));
  }
  address.sun_family = AF_UNIX;
  std::ranges::copy(path, std::begin(address.sun_path));
  result.size = sizeof address;
  result.text = path;
  return result;
}

Expected<SwtpmEndpoint> tcp_endpoint(const SwtpmAddress& address) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(address.host.c_str(), address.port.c_str(), &hints, &found);
  if (error != 0) {
    return fail(Error::Kind::no_device, 0,
                fmt::format("cannot find {}: {}", address.text(), ::gai_strerror(error)));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  // swtpm listens on IPv4 unless told otherwise, so of a name with both that is the one to try.
  const addrinfo* chosen = found;
  while (chosen->ai_family != AF_INET && chosen->ai_next != nullptr) chosen = chosen->ai_next;
  SwtpmEndpoint result;
  std::memcpy(&result.address, chosen->ai_addr, chosen->ai_addrlen);
  result.size = chosen->ai_addrlen;
  result.text = address.text();
  return result;
}

/// What connect(2) came to, as an errno value; 0 is success.
int try_connect(int fd, const SwtpmEndpoint& to, TimePoint deadline, const Clock& clock) {
  const auto* address = reinterpret_cast<const sockaddr*>(&to.address);
  if (::connect(fd, address, to.size) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  if (!ready_before(fd, POLLOUT, deadline, clock)) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

/// A UNIX socket whose queue is full says EAGAIN and gives nothing to poll for.
int connect_when_there_is_room(int fd, const SwtpmEndpoint& to, TimePoint deadline, Clock& clock) {
  constexpr auto kPause = std::chrono::milliseconds(1);
  while (true) {
    const int error = try_connect(fd, to, deadline, clock);
    if (error != EAGAIN) return error;
    if (clock.now() >= deadline) return ETIMEDOUT;
    clock.sleep_for(kPause);
  }
}

tl::unexpected<Error> connect_failure(const SwtpmEndpoint& endpoint, int number) {
  switch (number) {
    case ETIMEDOUT:
      return fail(Error::Kind::timeout, 0,
                  fmt::format("no connection to {} in time", endpoint.text));
    case EACCES:
    case EPERM:
      return fail(Error::Kind::no_access, 0,
                  fmt::format("this user is not allowed to connect to {}", endpoint.text));
    default:
      return fail(
          Error::Kind::no_device, 0,
          fmt::format("no swtpm is listening at {}: {}", endpoint.text, os_error_text(number)));
  }
}

}  // namespace

std::string SwtpmAddress::text() const {
  return path.empty() ? host + ":" + port : path;
}

Expected<SwtpmAddress> parse_swtpm_address(std::string_view configuration) {
  SwtpmAddress address;
  for (std::string_view rest = configuration; !rest.empty();) {
    const std::string_view field = rest.substr(0, rest.find(','));
    const std::size_t equals = field.find('=');
    if (equals == std::string_view::npos ||
        !set_field(address, field.substr(0, equals), field.substr(equals + 1))) {
      return misspelt(configuration);
    }
    rest.remove_prefix(std::min(rest.size(), field.size() + 1));
  }
  return address;
}

Expected<SwtpmEndpoint> resolve(const SwtpmAddress& address) {
  return address.path.empty() ? tcp_endpoint(address) : unix_endpoint(address.path);
}

Expected<UniqueFd> connect_to(const SwtpmEndpoint& endpoint, TimePoint deadline, Clock& clock) {
  UniqueFd socket(
      ::socket(endpoint.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return os_failure("cannot create a socket", errno);
  const int error = connect_when_there_is_room(socket.get(), endpoint, deadline, clock);
  if (error != 0) return connect_failure(endpoint, error);
  return socket;
}

std::string canonical_name(const SwtpmEndpoint& endpoint) {
  if (endpoint.address.ss_family == AF_UNIX) {
    std::error_code ignored;
    const auto real = std::filesystem::canonical(endpoint.text, ignored);
    return real.empty() ? endpoint.text : real.string();
  }
  const auto* address = reinterpret_cast<const sockaddr*>(&endpoint.address);
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  if (::getnameinfo(address, endpoint.size, host.data(), host.size(), port.data(), port.size(),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return endpoint.text;
  }
  return fmt::format("{}:{}", host.data(), port.data());
}

namespace {

/// Whether waiting for more octets would be of no use.
bool is_complete(ByteView response) {
  if (response.size() < header::kSize) return false;
  const std::size_t size = header::claimed_size(response);
  return size < header::kSize || size > kMaxResponseSize || response.size() >= size;
}

tl::unexpected<Error> cut_short(const Bytes& response, const std::string& peer) {
  if (response.empty()) {
    return fail(Error::Kind::closed, 0,
                fmt::format("{} closed the connection without a response", peer));
  }
  const bool has_header = response.size() >= header::kSize;
  const std::string whole = has_header ? fmt::format(" of {}", header::claimed_size(response)) : "";
  return fail(
      Error::Kind::closed, 0,
      fmt::format("{} closed the connection after {}{} bytes", peer, response.size(), whole));
}

Expected<Bytes> receive_response(int socket, TimePoint deadline, const Clock& clock,
                                 const std::string& peer) {
  Bytes response;
  while (!is_complete(response)) {
    const std::size_t room = kMaxResponseSize - response.size();
    const auto count = receive_some(socket, response, room, deadline, clock, peer);
    if (!count && count.error().kind == Error::Kind::timeout && !response.empty()) break;
    if (!count) return tl::unexpected(count.error());
    if (*count == 0) return cut_short(response, peer);
    const bool is_first = response.size() == *count;
    if (is_first) deadline = std::min(deadline, clock.now() + SwtpmTransport::kRestOfResponse);
  }
  return response;
}

Expected<Bytes> exchange(const SwtpmEndpoint& endpoint, ByteView command, TimePoint deadline,
                         Clock& clock) {
  const auto socket = connect_to(endpoint, deadline, clock);
  if (!socket) return tl::unexpected(socket.error());
  if (auto sent = send_all(socket->get(), command, deadline, clock, endpoint.text); !sent) {
    return tl::unexpected(sent.error());
  }
  return receive_response(socket->get(), deadline, clock, endpoint.text);
}

}  // namespace

Expected<std::unique_ptr<SwtpmTransport>> SwtpmTransport::open(std::string_view configuration,
                                                               Clock& clock) {
  constexpr auto kPatience = std::chrono::seconds(5);
  auto endpoint = parse_swtpm_address(configuration).and_then(resolve);
  if (!endpoint) return tl::unexpected(endpoint.error());
  const auto connection = connect_to(*endpoint, clock.now() + kPatience, clock);
  if (!connection) return tl::unexpected(connection.error());
  return std::make_unique<SwtpmTransport>(std::move(*endpoint), clock);
}

Expected<Bytes> SwtpmTransport::transmit(ByteView command, TimePoint deadline) {
  return exchange(endpoint_, command, deadline, clock_).map_error([&](Error error) {
    error.command = knowledge::command_code(command);
    return error;
  });
}

}  // namespace tpmprobe::tpm
