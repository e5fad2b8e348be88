// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <chrono>
#include <utility>

#include "emulator/quirk/effects.h"
#include "emulator/quirk/field_change.h"
#include "emulator/quirk/response_change.h"
#include "knowledge/handles.h"
#include "tpm/layers/header.h"

namespace tpmprobe::emulator {
namespace {

namespace header = tpm::header;

// Part 2, 6.6.3 "Format-One Error Codes": bit 6 says parameter, bits 8 to 11 which one.
constexpr std::uint32_t kParameterBit = 0x40;
constexpr unsigned kNumberShift = 8;

/// How long a caller without a deadline waits for an answer that never comes.
constexpr tpm::Duration kForEver = std::chrono::hours(1);

tl::unexpected<Error> time_out(Exchange& exchange) {
  exchange.clock.sleep_until(std::min(exchange.deadline, exchange.clock.now() + kForEver));
  return fail(Error::Kind::timeout, exchange.wire.code(), "no response before the deadline");
}

void fix_size(Bytes& response) {
  header::store(response, header::kSizeOffset, 4, response.size());
}

/// The answer of the later rules, if there is one, with a change.
template <typename Change>
Expected<void> changed(Exchange& exchange, Change&& change) {
  return exchange.pass_on().map([&] {
    Bytes response = exchange.wire.take_response();
    change(response);
    exchange.wire.answer(std::move(response));
  });
}

void set_more_data(tpm::WireExchange& wire) {
  const auto* more = wire.given().find("moreData");
  if (more == nullptr) return;
  Bytes response = wire.response();
  header::store(response, more->offset, more->size, 1);
  wire.answer(std::move(response));
}

}  // namespace

Expected<void> apply(const AnswerCode& effect, Exchange& exchange) {
  const bool positioned = effect.at_parameter && exchange.parameter != 0;
  const std::uint32_t position = kParameterBit | exchange.parameter << kNumberShift;
  exchange.wire.answer(header::response(effect.rc | (positioned ? position : 0)));
  return {};
}

Expected<void> apply(const RepeatAnswer& effect, Exchange& exchange) {
  if (exchange.kept) {
    exchange.wire.answer(*exchange.kept);
    return {};
  }
  return exchange.pass_on().map([&] {
    if (effect.more_data) set_more_data(exchange.wire);
    exchange.kept = exchange.wire.response();
  });
}

Expected<void> apply(const NeverAnswer& /*effect*/, Exchange& exchange) {
  return time_out(exchange);
}

Expected<void> apply(const Delay& effect, Exchange& exchange) {
  if (exchange.deadline - exchange.clock.now() < effect.time) return time_out(exchange);
  exchange.clock.sleep_for(effect.time);
  return exchange.pass_on();
}

Expected<void> apply(const CloseConnection& /*effect*/, Exchange& exchange) {
  return fail(Error::Kind::closed, exchange.wire.code(), "the connection ended before a response");
}

Expected<void> apply(const Truncate& effect, Exchange& exchange) {
  return changed(exchange, [&](Bytes& response) {
    const auto cut = static_cast<std::ptrdiff_t>(std::min(response.size(), effect.octets));
    response.erase(response.end() - cut, response.end());
    if (effect.fix_size) fix_size(response);
  });
}

Expected<void> apply(const Append& effect, Exchange& exchange) {
  return changed(exchange, [&](Bytes& response) {
    response.insert(response.end(), effect.octets.begin(), effect.octets.end());
    if (effect.fix_size) fix_size(response);
  });
}

Expected<void> apply(const SetTag& effect, Exchange& exchange) {
  return changed(exchange, [&](Bytes& response) { header::store(response, 0, 2, effect.tag); });
}

Expected<void> apply(const SetSize& effect, Exchange& exchange) {
  return changed(exchange, [&](Bytes& response) {
    header::store(response, header::kSizeOffset, 4, effect.size);
  });
}

Expected<void> apply(const Echo& /*effect*/, Exchange& exchange) {
  const ByteView octets = exchange.wire.command();
  exchange.wire.answer({octets.begin(), octets.end()});
  return {};
}

namespace {

namespace header = tpm::header;
using knowledge::WireField;

constexpr std::size_t kSizeOfSize = 4;

}  // namespace

void change_response(Exchange& exchange, std::string_view pattern, const FieldChange& change) {
  const auto* answer = exchange.wire.success();
  const tpm::Parameters& given = exchange.wire.given();
  const WireField* field = find_named(given, pattern);
  if (field == nullptr) return;
  Bytes changed = replace_field(given, *field, change(*field, given.octets(*field)));
  if (answer->tag == header::kSessions) {
    header::store(changed, answer->parameters_offset - kSizeOfSize, kSizeOfSize,
                  answer->parameters.size() + changed.size() - given.message.size());
  }
  exchange.wire.answer(std::move(changed));
  exchange.book.authorize_response(exchange.wire);
}

void put(Exchange& exchange, std::string_view pattern, const Bytes& octets) {
  if (octets.empty()) return;
  change_response(exchange, pattern, [&](const WireField&, ByteView) { return octets; });
}

ByteView octets_at(const tpm::Parameters& parameters, std::string_view pattern) {
  const WireField* field = find_named(parameters, pattern);
  return field == nullptr ? ByteView() : parameters.octets(*field);
}

std::uint16_t value_at(const tpm::Parameters& parameters, std::string_view pattern) {
  const WireField* field = find_named(parameters, pattern);
  return field == nullptr ? std::uint16_t{0} : static_cast<std::uint16_t>(field->value);
}

bool has_passwords_only(const tpm::WireExchange& command) {
  const auto& split = command.request();
  return split && std::ranges::all_of(split->auths, [](const knowledge::WireAuth& auth) {
           return auth.session == knowledge::rs::kPw;
         });
}

bool is_encrypted(const tpm::WireExchange& command) {
  const auto& split = command.request();
  return split && std::ranges::any_of(split->auths, [](const knowledge::WireAuth& auth) {
           return (auth.attributes & (knowledge::kSessionDecrypt | knowledge::kSessionEncrypt)) !=
                  0;
         });
}

}  // namespace tpmprobe::emulator
