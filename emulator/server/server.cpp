// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/server/server.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>

#include "knowledge/rc_values.h"
#include "knowledge/wire.h"
#include "tpm/bytes.h"
#include "tpm/layers/check_layer.h"
#include "tpm/layers/header.h"
#include "tpm/posix/descriptor.h"

namespace tpmprobe::emulator {
namespace {

/// What the control channel can do to the TPM.
struct ControlActions {
  std::function<bool(std::uint8_t)> set_locality;  ///< false: the TPM has no such locality
  std::function<void()> cancel;                    ///< the command that is under way
};

/// The answer to one request.
struct ControlAnswer {
  Bytes octets;
  bool last = false;  ///< the end of the request cannot be found, so nothing can follow it
};

constexpr std::size_t kCommandSize = 4;

/// Commands of swtpm's tpm_ioctl.h.
constexpr std::uint32_t kGetCapability = 1;
constexpr std::uint32_t kSetLocality = 5;
constexpr std::uint32_t kCancel = 9;

/// PTM_CAP_SET_LOCALITY and PTM_CAP_CANCEL_TPM_CMD.
constexpr std::uint64_t kCapabilities = 1U << 3U | 1U << 5U;

/// The tpm_result values, which are those of TPM 1.2.
constexpr std::uint32_t kSuccess = 0;
constexpr std::uint32_t kBadOrdinal = 0x0A;
constexpr std::uint32_t kBadLocality = 0x3D;

Bytes number(std::uint64_t value, std::size_t octets) {
  Bytes result(octets);
  tpm::header::store(result, 0, octets, value);
  return result;
}

Bytes result(std::uint32_t value) {
  return number(value, sizeof value);
}

void drop_front(Bytes& input, std::size_t octets) {
  input.erase(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(octets));
}

/// Executes the first whole request of the control channel in `input` and takes it from there;
/// nullopt if more octets are needed. The protocol is swtpm's (its man page swtpm_ioctls(3)): four
/// octets of command, big-endian, then what belongs to it; an answer starts with a tpm_result.
/// CMD_GET_CAPABILITY, CMD_SET_LOCALITY and CMD_CANCEL_TPM_CMD are served, everything else is
/// TPM_BAD_ORDINAL.
std::optional<ControlAnswer> serve_control(Bytes& input, const ControlActions& actions) {
  if (input.size() < kCommandSize) return std::nullopt;
  const auto command = static_cast<std::uint32_t>(tpm::header::load(input, 0, kCommandSize));
  if (command == kSetLocality) {
    if (input.size() == kCommandSize) return std::nullopt;
    const std::uint8_t locality = input[kCommandSize];
    drop_front(input, kCommandSize + 1);
    return ControlAnswer{result(actions.set_locality(locality) ? kSuccess : kBadLocality)};
  }
  drop_front(input, kCommandSize);
  if (command == kGetCapability) return ControlAnswer{number(kCapabilities, 8)};
  if (command != kCancel) return ControlAnswer{result(kBadOrdinal), true};
  actions.cancel();
  return ControlAnswer{result(kSuccess)};
}

constexpr short kGone = POLLERR | POLLHUP | POLLNVAL;

short when(bool wanted, short event) {
  return wanted ? event : short{0};
}

}  // namespace

std::optional<std::size_t> Server::run(std::span<const int> events) {
  const tpm::SystemClock now;
  while (!listeners_.empty() || !clients_.empty()) {
    auto ready = wanted(events);
    tpm::poll_until(ready, late_ ? late_->due : tpm::TimePoint::max(), now);
    for (std::size_t event = 0; event < events.size(); ++event) {
      if (ready[event].revents != 0) return event;
    }
    serve(std::span(ready).subspan(events.size()));
    release_late();
    execute_all();
    forget_those_over();
  }
  return std::nullopt;
}

std::vector<pollfd> Server::wanted(std::span<const int> events) const {
  std::vector<pollfd> result;
  for (const int event : events) result.push_back({event, POLLIN, 0});
  for (const auto& door : listeners_) result.push_back({door.listener.fd(), POLLIN, 0});
  for (const auto& client : clients_) {
    // poll(2) passes over descriptors under 0; the other one always tells when the client has gone.
    result.push_back({client.wants_input() ? client.input_fd() : -1, POLLIN, 0});
    result.push_back({client.output_fd(), when(client.wants_output(), POLLOUT), 0});
  }
  return result;
}

void Server::serve(std::span<const pollfd> ready) {
  std::size_t next = listeners_.size();
  for (auto& client : clients_) {
    attend(client, ready[next].revents, ready[next + 1].revents);
    next += 2;
  }
  for (std::size_t door = 0; door < listeners_.size(); ++door) {
    if (ready[door].revents != 0) accept_from(listeners_[door]);
  }
}

void Server::accept_from(const Door& door) {
  auto socket = door.listener.accept();
  // Without a socket there is no descriptor left, and dropping a client makes room, too.
  if (clients_.size() >= kMaxClients || !socket) drop_one();
  if (socket) clients_.emplace_back(door.channel, std::move(socket));
}

void Server::drop_one() {
  const auto is_idle = [](const Client& client) {
    return !client.is_over() && !client.is_waiting() && !client.has_command();
  };
  const auto idle = std::ranges::find_if(clients_, is_idle);
  if (idle != clients_.end()) {
    idle->close();
  } else if (!clients_.empty()) {
    clients_.front().close();
  }
}

void Server::attend(Client& client, short input_events, short output_events) {
  if (input_events != 0) client.receive();
  if ((output_events & POLLOUT) != 0) client.deliver();
  if ((output_events & kGone) != 0 && (input_events & POLLIN) == 0) client.close();
  if (client.channel() == Client::Channel::control) serve_requests(client);
}

void Server::serve_requests(Client& client) {
  const ControlActions actions{.set_locality =
                                   [this](std::uint8_t locality) {
                                     return hooks_.set_locality ? hooks_.set_locality(locality)
                                                                : locality == 0;
                                   },
                               .cancel = [this] { cancel(); }};
  while (auto answer = serve_control(client.input(), actions)) {
    client.answer(std::move(answer->octets));
    if (answer->last) client.finish();
  }
}

void Server::execute_all() {
  // Each client one command in a round, and the next round begins with who waited longest.
  std::size_t left = clients_.size();
  for (auto client = clients_.begin(); left > 0 && !late_; --left) {
    const auto present = client++;
    if (present->channel() != Client::Channel::commands || !present->has_command()) continue;
    if (const auto command = present->take_command()) execute(*present, *command);
    clients_.splice(clients_.end(), clients_, present);
  }
}

void Server::execute(Client& client, ByteView command) {
  const auto limit = tpm::time_limit(knowledge::command_code(command));
  auto response = tpm_.transmit(command, clock_.now() + limit);
  const auto delay = clock_.take_owed();
  if (hooks_.executed) hooks_.executed();
  if (!response) return settle(client, response.error());
  if (delay == tpm::Duration::zero()) return client.answer(std::move(*response));
  late_ = Late{&client, std::move(*response), clock_.now() + delay};
}

void Server::settle(Client& client, const Error& error) {
  if (hooks_.failed) hooks_.failed(error);
  if (error.kind == Error::Kind::timeout) return;
  if (error.kind != Error::Kind::refused) return client.close();
  client.answer(tpm::header::response(kRcRefused));
}

void Server::release_late() {
  if (!late_ || clock_.now() < late_->due) return;
  if (late_->client != nullptr) late_->client->answer(std::move(late_->response));
  late_.reset();
}

void Server::cancel() {
  // What was executed already is merely late, and comes at once.
  if (late_) late_->due = clock_.now();
  for (auto& client : clients_) {
    const bool is_hung = client.is_waiting() && (!late_ || late_->client != &client);
    if (is_hung) client.answer(tpm::header::response(knowledge::rc::kCanceled));
  }
}

void Server::forget_those_over() {
  if (late_ && late_->client != nullptr && late_->client->is_over()) late_->client = nullptr;
  clients_.remove_if([](const Client& client) { return client.is_over(); });
}

}  // namespace tpmprobe::emulator
