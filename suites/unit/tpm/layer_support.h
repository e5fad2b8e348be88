// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "tpm/layers/header.h"
#include "tpm/transport/transport.h"

/// A transport that answers scripted octets, a clock that only moves when somebody sleeps, and
/// commands written as hexadecimal, for the tests of the layers.
namespace tpmprobe::suites {

/// Octets of hexadecimal digits; spaces are ignored.
inline Bytes hex(std::string_view digits) {
  Bytes octets;
  unsigned value = 0;
  unsigned count = 0;
  for (const char digit : digits) {
    if (digit == ' ') continue;
    const char lower = static_cast<char>(digit | 0x20);
    value = value << 4U | static_cast<unsigned>(digit <= '9' ? digit - '0' : lower - 'a' + 10);
    if (++count % 2 == 0) octets.push_back(static_cast<std::uint8_t>(value));
  }
  return octets;
}

/// A message of this tag and code (TPM_CC or TPM_RC) with the right size in its header.
inline Bytes message(std::uint16_t tag, std::uint32_t code, std::string_view body = {}) {
  Bytes octets = tpm::header::response(code, tag);
  const Bytes rest = hex(body);
  octets.insert(octets.end(), rest.begin(), rest.end());
  tpm::header::store(octets, tpm::header::kSizeOffset, 4, octets.size());
  return octets;
}

/// A command or response without sessions.
inline Bytes plain(std::uint32_t code, std::string_view body = {}) {
  return message(tpm::header::kNoSessions, code, body);
}

/// The authorization area of a command with one empty password: TPM_RS_PW, continueSession.
inline constexpr std::string_view kPassword = "00000009 40000009 0000 01 0000";
/// The same in a response, without its parameterSize, which stands in front of the parameters.
inline constexpr std::string_view kPasswordAnswer = "0000 01 0000";

/// A command with handles, one empty password and parameters.
inline Bytes authorized(std::uint32_t code, std::string_view handles,
                        std::string_view parameters = {}) {
  return message(tpm::header::kSessions, code,
                 fmt::format("{}{}{}", handles, kPassword, parameters));
}

/// Time stands still unless somebody sleeps.
class ManualClock final : public tpm::Clock {
 public:
  [[nodiscard]] tpm::TimePoint now() const override { return now_; }
  void sleep_until(tpm::TimePoint until) override {
    if (until <= now_) return;
    sleeps.push_back(until - now_);
    now_ = until;
  }

  std::vector<tpm::Duration> sleeps;

 private:
  tpm::TimePoint now_{};
};

/// What a scripted transport was asked, and what it answers.
struct Script {
  std::function<Expected<Bytes>(ByteView)> answer = [](ByteView) { return plain(0); };
  std::vector<Bytes> commands = {};
  std::vector<tpm::TimePoint> deadlines = {};

  /// The bottom of a stack; this script outlives it.
  tpm::TransportPtr transport();
};

class ScriptedTransport final : public tpm::Transport {
 public:
  explicit ScriptedTransport(Script& script) : script_(script) {}
  Expected<Bytes> transmit(ByteView command, tpm::TimePoint deadline) override {
    script_.commands.emplace_back(command.begin(), command.end());
    script_.deadlines.push_back(deadline);
    return script_.answer(command);
  }

 private:
  Script& script_;
};

inline tpm::TransportPtr Script::transport() {
  return std::make_unique<ScriptedTransport>(*this);
}

/// A script that gives the same answer to every command.
inline Script always(Expected<Bytes> answer) {
  return {.answer = [answer = std::move(answer)](ByteView) { return answer; }};
}

}  // namespace tpmprobe::suites
