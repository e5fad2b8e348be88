// SPDX-License-Identifier: BSD-2-Clause
#include "walks/ssh/agent.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "knowledge/octets.h"
#include "probes/ssh/formats.h"
#include "tpm/posix/descriptor.h"
#include "walks/ssh/listens.h"

namespace tpmprobe::walks {
namespace {

// draft-miller-ssh-agent, 6.1.
constexpr std::uint8_t kFailure = 5;
constexpr std::uint8_t kRequestIdentities = 11;
constexpr std::uint8_t kIdentitiesAnswer = 12;
constexpr std::uint8_t kSignRequest = 13;
constexpr std::uint8_t kSignResponse = 14;

constexpr std::size_t kLongestMessage = 256 * 1024;

/// Reads the data types of RFC 4251, 5 from octets of anybody.
class SshReader {
 public:
  explicit SshReader(ByteView octets) : octets_(octets) {}

  std::optional<std::uint32_t> uint32() {
    constexpr std::size_t kSize = 4;
    if (octets_.size() < kSize) return std::nullopt;
    const auto value = static_cast<std::uint32_t>(knowledge::big_endian(octets_, 0, kSize));
    octets_ = octets_.subspan(kSize);
    return value;
  }

  std::optional<ByteView> string() {
    const auto size = uint32();
    if (!size || *size > octets_.size()) return std::nullopt;
    const auto text = octets_.first(*size);
    octets_ = octets_.subspan(*size);
    return text;
  }

 private:
  ByteView octets_;
};

Bytes message_of(std::uint8_t type, const probes::SshWriter& content) {
  Bytes message(1 + content.octets().size(), type);
  std::ranges::copy(content.octets(), message.begin() + 1);
  return message;
}

Bytes sign(const AgentKey& key, ByteView content) {
  SshReader reader(content);
  const auto blob = reader.string();
  const auto data = reader.string();
  const auto flags = reader.uint32();
  if (!flags || !std::equal(blob->begin(), blob->end(), key.blob.begin(), key.blob.end())) {
    return {kFailure};
  }
  const auto signature = key.sign(*data, *flags);
  return signature ? message_of(kSignResponse, probes::SshWriter().string(*signature))
                   : Bytes{kFailure};
}

bool read_all(int fd, std::uint8_t* to, std::size_t size) {
  while (size > 0) {
    const ssize_t count = ::read(fd, to, size);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    to += count;
    size -= static_cast<std::size_t>(count);
  }
  return true;
}

std::optional<Bytes> receive(int fd) {
  std::array<std::uint8_t, 4> length{};
  if (!read_all(fd, length.data(), length.size())) return std::nullopt;
  const auto size = SshReader(length).uint32().value_or(0);
  if (size == 0 || size > kLongestMessage) return std::nullopt;
  Bytes message(size);
  if (!read_all(fd, message.data(), message.size())) return std::nullopt;
  return message;
}

bool send(int fd, const Bytes& message) {
  const auto framed = probes::SshWriter().string(message).octets();
  return ::send(fd, framed.data(), framed.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(framed.size());
}

/// False when `end` came first.
bool readable_before(int fd, int end) {
  const tpm::SystemClock clock;
  std::array<pollfd, 2> events{pollfd{fd, POLLIN, 0}, pollfd{end, POLLIN, 0}};
  tpm::poll_until(events, tpm::TimePoint::max(), clock);
  return events[0].revents != 0;
}

}  // namespace

Bytes agent_answer(const AgentKey& key, ByteView message) {
  if (message.empty()) return {kFailure};
  if (message[0] == kRequestIdentities) {
    return message_of(kIdentitiesAnswer,
                      probes::SshWriter().uint32(1).string(key.blob).string(key.comment));
  }
  return message[0] == kSignRequest ? sign(key, message.subspan(1)) : Bytes{kFailure};
}

Expected<AgentSocket> AgentSocket::open(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return fail(Error::Kind::io, 0, path + " is too long for a socket");
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  tpm::UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ::unlink(path.c_str());
  constexpr int kBacklog = 8;
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(socket.get(), kBacklog) != 0) {
    return tpm::os_failure("cannot listen at " + path, errno);
  }
  return AgentSocket(std::move(socket));
}

void AgentSocket::serve(const AgentKey& key, int end) const {
  while (readable_before(socket_.get(), end)) {
    const tpm::UniqueFd client(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    while (client && readable_before(client.get(), end)) {
      const auto message = receive(client.get());
      if (!message || !send(client.get(), agent_answer(key, *message))) break;
    }
  }
}

TokenAgent::TokenAgent(const std::filesystem::path& folder, std::string module,
                       ChildEnvironment environment)
    : module_(std::move(module)),
      socket_(folder / "agent"),
      log_path_(folder / "agent.log"),
      environment_(std::move(environment)) {}

bool TokenAgent::add(WayStep& step) {
  std::filesystem::remove(socket_);
  log_ = tpm::UniqueFd(
      ::open(log_path_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600));
  tpm::ProcessOptions options;
  options.environment = environment_;
  options.error_fd = log_.get();
  // The list is matched against the real path, and against the one that the client named.
  const auto allowed = std::filesystem::canonical(module_).string() + "," + module_;
  auto agent = tpm::ChildProcess::start({"ssh-agent", "-D", "-a", socket_, "-P", allowed}, options);
  if (!agent) {
    step.add_lines(agent.error().message);
    return false;
  }
  agent_ = std::move(*agent);
  for (int tries = 0; tries < 2000 && !listens(socket_) && is_running(); ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return step.run({"ssh-add", "-s", module_}, with(environment_, "SSH_AUTH_SOCK", socket_));
}

bool TokenAgent::is_running() {
  const tpm::SystemClock clock;
  return agent_ && !agent_->child().wait(clock.now() + std::chrono::milliseconds(50), clock);
}

std::string TokenAgent::log() const {
  return tpm::whole_file(log_path_);
}

}  // namespace tpmprobe::walks
