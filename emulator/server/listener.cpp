// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/server/listener.h"

#include <cerrno>

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tpm/posix/os_error.h"
#include "tpm/transport/swtpm_address.h"

namespace tpmprobe::emulator {
namespace {

constexpr int kBacklog = 128;

tpm::UniqueFd new_socket(int family) {
  return tpm::UniqueFd(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

const sockaddr* address_of(const tpm::SwtpmEndpoint& endpoint) {
  return reinterpret_cast<const sockaddr*>(&endpoint.address);
}

/// A socket at which nobody listens any more.
bool is_abandoned(const tpm::SwtpmEndpoint& endpoint) {
  struct stat found{};
  if (::lstat(endpoint.text.c_str(), &found) != 0 || !S_ISSOCK(found.st_mode)) return false;
  const auto socket = new_socket(AF_UNIX);
  return ::connect(socket.get(), address_of(endpoint), endpoint.size) != 0 && errno == ECONNREFUSED;
}

Expected<void> bind_and_listen(int socket, const tpm::SwtpmEndpoint& endpoint) {
  if (::bind(socket, address_of(endpoint), endpoint.size) == 0 && ::listen(socket, kBacklog) == 0) {
    return {};
  }
  return tpm::os_failure(fmt::format("cannot listen at {}", endpoint.text), errno);
}

}  // namespace

Expected<Listener> Listener::at_path(const std::string& path) {
  const auto endpoint = tpm::resolve({.path = path});
  if (!endpoint) return tl::unexpected(endpoint.error());
  if (is_abandoned(*endpoint)) ::unlink(path.c_str());
  auto socket = new_socket(AF_UNIX);
  constexpr mode_t kOnlyOwner = 0077;
  const mode_t before = ::umask(kOnlyOwner);
  auto listening = bind_and_listen(socket.get(), *endpoint);
  ::umask(before);
  if (!listening) return tl::unexpected(listening.error());
  return Listener(std::move(socket), path);
}

Expected<Listener> Listener::at_port(std::uint16_t port) {
  const auto endpoint = tpm::resolve({"", "127.0.0.1", std::to_string(port)});
  if (!endpoint) return tl::unexpected(endpoint.error());
  auto socket = new_socket(AF_INET);
  // The connections of the last run, one for each command, must not keep the port for a minute.
  const int yes = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (auto listening = bind_and_listen(socket.get(), *endpoint); !listening) {
    return tl::unexpected(listening.error());
  }
  return Listener(std::move(socket), "");
}

Listener::~Listener() {
  if (!path_.empty()) ::unlink(path_.c_str());
}

tpm::UniqueFd Listener::accept() const {
  return tpm::UniqueFd(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
}

}  // namespace tpmprobe::emulator
