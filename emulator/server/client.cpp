// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/server/client.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <utility>

#include <sys/socket.h>
#include <unistd.h>

#include "knowledge/rc_values.h"
#include "tpm/layers/header.h"

namespace tpmprobe::emulator {
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
