// SPDX-License-Identifier: BSD-2-Clause
#include "suites/support/swtpm_relay.h"

#include <array>
#include <chrono>
#include <cstring>
#include <stdexcept>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "suites/support/waiting.h"
#include "tpm/layers/header.h"
#include "tpm/posix/descriptor.h"
#include "tpm/posix/stream.h"

namespace tpmprobe::suites {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kLargest = 8192;
constexpr std::string_view kClient = "the client";

template <typename T>
T value_of(Expected<T> expected) {
  if (!expected) throw std::runtime_error(expected.error().message);
  return std::move(*expected);
}

// One whole command; nothing if the client goes without one.
std::optional<Bytes> receive_command(int client, const tpm::Clock& clock) {
  const auto until = patience_ends();
  Bytes command(tpm::header::kSize);
  if (!tpm::receive_all(client, command, until, clock, kClient)) return std::nullopt;
  const auto size = tpm::header::claimed_size(command);
  if (size < command.size() || size > kLargest) return std::nullopt;
  command.resize(size);
  const auto rest = std::span(command).subspan(tpm::header::kSize);
  if (!tpm::receive_all(client, rest, until, clock, kClient)) return std::nullopt;
  return command;
}

}  // namespace

SwtpmRelay::SwtpmRelay(const emulator::SwtpmProcess& swtpm)
    : directory_(value_of(tpm::PrivateDirectory::create())) {
  const std::string configuration = swtpm.tcti().substr(std::strlen("swtpm:"));
  swtpm_ = value_of(tpm::SwtpmTransport::open(configuration, clock_));
  listen();
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe for the relay");
  stop_reader_ = tpm::UniqueFd(ends[0]);
  stop_writer_ = tpm::UniqueFd(ends[1]);
  thread_ = std::thread([this] { serve_all(); });
}

SwtpmRelay::~SwtpmRelay() {
  stop_writer_.reset();
  thread_.join();
}

void SwtpmRelay::listen() {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = socket_path();
  if (path.size() >= sizeof address.sun_path) throw std::runtime_error("path is too long: " + path);
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  listening_ = tpm::UniqueFd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const auto* name = reinterpret_cast<const sockaddr*>(&address);
  if (::bind(listening_.get(), name, sizeof address) != 0 ||
      ::listen(listening_.get(), SOMAXCONN) != 0) {
    throw std::runtime_error("no socket for the relay at " + path);
  }
}

void SwtpmRelay::serve_all() {
  std::array<pollfd, 2> events{{{listening_.get(), POLLIN, 0}, {stop_reader_.get(), POLLIN, 0}}};
  while (true) {
    tpm::poll_until(events, tpm::TimePoint::max(), clock_);
    if (events[1].revents != 0) return;
    tpm::UniqueFd client(
        ::accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (client) serve(std::move(client));
  }
}

// One connection brings one command, as tcti-swtpm does it.
void SwtpmRelay::serve(tpm::UniqueFd client) {
  auto command = receive_command(client.get(), clock_);
  if (!command) return;
  const auto hold = note(*command);
  Held held{std::move(client), std::move(*command), std::nullopt};
  if (hold != Hold::command) held.response = forward(held.command);
  if (!hold) return answer(held);
  const std::lock_guard lock(mutex_);
  held_ = std::move(held);
  arrived_.notify_all();
}

std::optional<SwtpmRelay::Hold> SwtpmRelay::note(const Bytes& command) {
  const std::lock_guard lock(mutex_);
  commands_.push_back(
      static_cast<std::uint32_t>(tpm::header::load(command, tpm::header::kCodeOffset, 4)));
  return commands_.size() == hold_number_ ? std::optional(hold_) : std::nullopt;
}

std::optional<Bytes> SwtpmRelay::forward(const Bytes& command) {
  auto response = swtpm_->transmit(command, patience_ends());
  return response ? std::optional(std::move(*response)) : std::nullopt;
}

// A client that was killed meanwhile does not matter; one without response sees its connection end.
void SwtpmRelay::answer(const Held& held) {
  if (!held.response) return;
  static_cast<void>(
      tpm::send_all(held.client.get(), *held.response, patience_ends(), clock_, kClient));
}

std::vector<std::uint32_t> SwtpmRelay::commands() const {
  const std::lock_guard lock(mutex_);
  return commands_;
}

void SwtpmRelay::hold_at(std::size_t number, Hold what) {
  const std::lock_guard lock(mutex_);
  hold_number_ = number;
  hold_ = what;
}

bool SwtpmRelay::wait_until_held(RunningProgram& sender) {
  return sender.wait_until([this] {
    // It is told at once; a program that ended instead is seen after this while.
    constexpr auto kWhile = 20ms;
    std::unique_lock lock(mutex_);
    return arrived_.wait_for(lock, kWhile, [this] { return held_.has_value(); });
  });
}

std::optional<SwtpmRelay::Held> SwtpmRelay::take_held(bool and_hold_next) {
  const std::lock_guard lock(mutex_);
  hold_number_ = and_hold_next ? commands_.size() + 1 : 0;
  return std::exchange(held_, std::nullopt);
}

void SwtpmRelay::let_go(std::optional<Held> held) {
  if (!held) return;
  if (!held->response) held->response = forward(held->command);
  answer(*held);
}

void SwtpmRelay::release() {
  let_go(take_held(false));
}

void SwtpmRelay::pass() {
  let_go(take_held(true));
}

void SwtpmRelay::drop() {
  take_held(false);
}

}  // namespace tpmprobe::suites
