// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/server/client.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <utility>

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "knowledge/rc_values.h"
#include "tpm/layers/header.h"
#include "tpm/posix/descriptor.h"
#include "tpm/transport/swtpm.h"

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

namespace {

bool is_transient(int number) {
  return number == EAGAIN || number == EINTR;
}

void drop_front(Bytes& octets, std::size_t count) {
  octets.erase(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(count));
}

/// A pipe whose reader is ready takes this much without blocking (pipe(7)).
ssize_t send_some(int fd, ByteView octets) {
  const std::size_t count = std::min<std::size_t>(octets.size(), PIPE_BUF);
  const ssize_t sent = ::send(fd, octets.data(), count, MSG_NOSIGNAL | MSG_DONTWAIT);
  return sent < 0 && errno == ENOTSOCK ? ::write(fd, octets.data(), count) : sent;
}

}  // namespace

void Client::receive() {
  const std::size_t before = input_.size();
  input_.resize(kMaxCommandSize);
  const ssize_t count = ::read(input_fd_.get(), input_.data() + before, kMaxCommandSize - before);
  const int number = errno;
  input_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  if (count == 0) ended_ = true;
  if (count < 0 && !is_transient(number)) over_ = true;
}

void Client::deliver() {
  const ssize_t count = send_some(output_fd_, output_);
  if (count < 0 && !is_transient(errno)) over_ = true;
  if (count > 0) drop_front(output_, static_cast<std::size_t>(count));
}

std::size_t Client::claimed_size() const {
  return tpm::header::claimed_size(input_);
}

bool Client::has_command() const {
  if (waiting_ || !output_.empty() || input_.size() < tpm::header::kSize) return false;
  const std::size_t size = claimed_size();
  return size < tpm::header::kSize || size > kMaxCommandSize || size <= input_.size();
}

std::optional<Bytes> Client::take_command() {
  const std::size_t size = claimed_size();
  if (size < tpm::header::kSize || size > kMaxCommandSize) {
    finish();
    answer(tpm::header::response(knowledge::rc::kCommandSize));
    return std::nullopt;
  }
  Bytes command(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(size));
  drop_front(input_, size);
  waiting_ = true;
  return command;
}

void Client::answer(Bytes octets) {
  waiting_ = false;
  output_.insert(output_.end(), octets.begin(), octets.end());
}

}  // namespace tpmprobe::emulator
