// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/transport/swtpm.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "knowledge/wire.h"
#include "tpm/layers/header.h"
#include "tpm/posix/stream.h"
#include "tpm/transport/limits.h"

namespace tpmprobe::tpm {
namespace {

/// Whether waiting for more octets would be of no use.
bool is_complete(ByteView response) {
  if (response.size() < header::kSize) return false;
  const std::size_t size = header::claimed_size(response);
  return size < header::kSize || size > kMaxResponseSize || response.size() >= size;
}

tl::unexpected<Error> cut_short(const Bytes& response, const std::string& peer) {
  if (response.empty()) {
    return fail(Error::Kind::closed, 0, fmt::format("{} closed the connection unanswered", peer));
  }
  const bool has_header = response.size() >= header::kSize;
  const std::string whole = has_header ? fmt::format(" of {}", header::claimed_size(response)) : "";
  return fail(
      Error::Kind::closed, 0,
      fmt::format("{} closed the connection after {}{} octets", peer, response.size(), whole));
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
