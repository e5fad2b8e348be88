// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/layers/check_layer.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "knowledge/command_codes.h"
#include "knowledge/evidence.h"
#include "knowledge/rc_values.h"
#include "tpm/layers/header.h"

namespace tpmprobe::tpm {
namespace {

using knowledge::WireCommand;
using knowledge::WireResponse;

/// Why an answer is impossible, as one clause; empty if it is not.
using Objection = std::string;

bool is_tpm2_tag(std::uint16_t tag) {
  return tag == header::kNoSessions || tag == header::kSessions;
}

bool is_echo(ByteView command, ByteView response) {
  if (std::ranges::equal(command, response)) return true;
  const std::uint32_t code = knowledge::command_code(command);
  // A TPM without TPM2_SelfTest (0x143 too) may well say so.
  if (response.size() == header::kSize && code == knowledge::rc::kCommandCode) return false;
  return code != 0 && knowledge::response_code(response) == code;
}

/// All that can be said of the answer to a command that the table does not have.
Objection object_to_header(ByteView response) {
  if (response.size() < header::kSize) {
    return fmt::format("the response has {} bytes, fewer than a header", response.size());
  }
  if (header::claimed_size(response) != response.size()) {
    return fmt::format("the response has {} bytes but says that it has {}", response.size(),
                       header::claimed_size(response));
  }
  const bool success = knowledge::response_code(response) == 0;
  if (success && !is_tpm2_tag(header::tag(response))) {
    return fmt::format("the response has tag {:04x}", header::tag(response));
  }
  if (!success && response.size() != header::kSize) {
    return fmt::format("an error code is followed by {} bytes", response.size() - header::kSize);
  }
  return {};
}

bool may_be(std::uint32_t handle, std::string_view type) {
  const std::uint32_t kind = handle >> 24U;  // TPM_HT, Part 2, 7.2
  const bool session = kind == 0x02 || kind == 0x03;
  const bool transient = kind == 0x80;
  if (type == "TPMI_SH_AUTH_SESSION") return session;
  return transient || (session && type == "TPMI_DH_CONTEXT");
}

Objection object_to_handles(const WireCommand& command, const WireResponse& response) {
  const auto expected = command.info->response_handles;
  for (std::size_t i = 0; i < std::min(expected.size(), response.handles.size()); ++i) {
    if (!may_be(response.handles[i], expected[i].type)) {
      return fmt::format("{} is {:08x}, which is not a handle of that kind", expected[i].name,
                         response.handles[i]);
    }
  }
  return {};
}

Objection object_to_capability(const WireExchange& exchange) {
  const auto asked = exchange.asked().value("capability");
  const auto given = exchange.given().value("capabilityData.capability");
  if (asked == given) return {};
  return fmt::format("capability {:x} was requested but {:x} was returned", asked, given);
}

Objection object_to_random(const WireExchange& exchange) {
  const auto asked = exchange.asked().value("bytesRequested");
  const std::size_t given = exchange.reply()->parameters.size() - sizeof(std::uint16_t);
  if (given <= asked) return {};
  return fmt::format("{} bytes were requested but {} were returned", asked, given);
}

Objection object_to_content(const WireExchange& exchange) {
  auto objection = object_to_handles(*exchange.request(), *exchange.reply());
  if (!objection.empty()) return objection;
  if (exchange.code() == knowledge::cc::kGetCapability) return object_to_capability(exchange);
  if (exchange.code() == knowledge::cc::kGetRandom) return object_to_random(exchange);
  return {};
}

Objection object_to(const WireExchange& exchange) {
  const ByteView command = exchange.command(), response = exchange.response();
  if (header::tag(response) == header::kTpm12 && is_tpm2_tag(header::tag(command))) {
    return "this is a response from a TPM 1.2 (tag 00C4)";
  }
  if (is_echo(command, response)) return "the response is an echo of the command";
  if (!exchange.request()) return object_to_header(response);
  const auto& answer = exchange.reply();
  if (!answer) return answer.error().message;
  if (answer->rc != 0) return {};
  const auto shapes = knowledge::check_parameters(*exchange.request()->info, *answer);
  if (!shapes) return shapes.error().message;
  return object_to_content(exchange);
}

constexpr std::size_t kMostOctets =
    4096;  // no TPM has a longer response (TPM_PT_MAX_RESPONSE_SIZE)

/// How an answer that was objected to is wrong, in a word of knowledge/evidence.h.
std::string_view evidence_of(const WireExchange& exchange, std::string_view objection) {
  const ByteView command = exchange.command(), response = exchange.response();
  namespace evidence = knowledge::evidence;
  const std::size_t claimed = header::claimed_size(response);
  if (header::tag(response) == header::kTpm12) return evidence::kAnswerTpm12;
  if (is_echo(command, response)) return evidence::kAnswerEcho;
  if (response.size() < header::kSize || claimed < header::kSize) {
    return evidence::kAnswerShortHeader;
  }
  if (claimed > kMostOctets) return evidence::kAnswerTooLong;
  if (claimed > response.size()) return evidence::kAnswerCut;
  if (claimed < response.size()) return evidence::kAnswerTrailing;
  if (!is_tpm2_tag(header::tag(response))) return evidence::kAnswerTag;
  if (header::tag(command) == header::kSessions && header::tag(response) == header::kNoSessions) {
    return evidence::kAnswerWithoutSessions;
  }
  const auto says = [&](std::string_view words) { return objection.find(words) != objection.npos; };
  const bool cut = says("early") || says("longer than the response") || says("ends inside") ||
                   says("what fits in");
  return cut ? evidence::kAnswerParametersCut : evidence::kAnswerMalformed;
}

}  // namespace

Expected<void> check_response(const WireExchange& exchange) {
  auto objection = object_to(exchange);
  if (objection.empty()) return {};
  const auto evidence = evidence_of(exchange, objection);
  auto error = fail(Error::Kind::malformed, exchange.code(), std::move(objection), exchange.rc());
  error.value().evidence = evidence;
  return error;
}

using knowledge::DurationClass;
using std::chrono::seconds;

Duration time_limit(DurationClass duration_class) {
  switch (duration_class) {
    case DurationClass::quick:
      return seconds(20);
    case DurationClass::crypto:
      return seconds(60);
    case DurationClass::self_test:
      return seconds(120);
    case DurationClass::key_generation:
      return seconds(600);
  }
  return seconds(60);
}

Duration time_limit(std::uint32_t command) {
  const auto* info = knowledge::find_command(command);
  return time_limit(info == nullptr ? DurationClass::crypto : info->duration);
}

Expected<void> CheckLayer::carry(WireExchange& exchange, TimePoint deadline) {
  const std::uint32_t code = exchange.code();
  auto carried = below().carry(exchange, std::min(deadline, clock_.now() + time_limit(code)));
  if (carried) return check_response(exchange);
  if (carried.error().command == 0) carried.error().command = code;
  return carried;
}

}  // namespace tpmprobe::tpm
