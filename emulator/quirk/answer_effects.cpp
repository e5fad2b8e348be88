// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <chrono>

#include "emulator/quirk/effects.h"
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
  return fail(Error::Kind::timeout, exchange.command.code(), "no answer before the deadline");
}

void fix_size(Bytes& response) {
  header::store(response, header::kSizeOffset, 4, response.size());
}

void set_more_data(const CommandView& command, Bytes& response) {
  const auto answer = command.split_response(response);
  if (!answer) return;
  const auto fields = command.fields_of(*answer);
  const auto* more = knowledge::find_field(fields, "moreData");
  if (more != nullptr) header::store(response, more->offset, more->size, 1);
}

/// The answer of the later rules, if there is one, with a change.
template <typename Change>
Expected<Bytes> changed(Exchange& exchange, Change&& change) {
  auto response = exchange.pass_on();
  if (response) change(*response);
  return response;
}

}  // namespace

Expected<Bytes> apply(const AnswerCode& effect, Exchange& exchange) {
  if (!effect.at_parameter || exchange.parameter == 0) return header::response(effect.rc);
  return header::response(effect.rc | kParameterBit | exchange.parameter << kNumberShift);
}

Expected<Bytes> apply(const RepeatAnswer& effect, Exchange& exchange) {
  if (!exchange.kept) {
    auto response = exchange.pass_on();
    if (!response) return response;
    if (effect.more_data) set_more_data(exchange.command, *response);
    exchange.kept = std::move(*response);
  }
  return *exchange.kept;
}

Expected<Bytes> apply(const NeverAnswer& /*effect*/, Exchange& exchange) {
  return time_out(exchange);
}

Expected<Bytes> apply(const Delay& effect, Exchange& exchange) {
  if (exchange.deadline - exchange.clock.now() < effect.time) return time_out(exchange);
  exchange.clock.sleep_for(effect.time);
  return exchange.pass_on();
}

Expected<Bytes> apply(const CloseConnection& /*effect*/, Exchange& exchange) {
  return fail(Error::Kind::closed, exchange.command.code(),
              "the connection ended before an answer");
}

Expected<Bytes> apply(const Truncate& effect, Exchange& exchange) {
  return changed(exchange, [&](Bytes& response) {
    const auto cut = static_cast<std::ptrdiff_t>(std::min(response.size(), effect.octets));
    response.erase(response.end() - cut, response.end());
    if (effect.fix_size) fix_size(response);
  });
}

Expected<Bytes> apply(const Append& effect, Exchange& exchange) {
  return changed(exchange, [&](Bytes& response) {
    response.insert(response.end(), effect.octets.begin(), effect.octets.end());
    if (effect.fix_size) fix_size(response);
  });
}

Expected<Bytes> apply(const SetTag& effect, Exchange& exchange) {
  return changed(exchange, [&](Bytes& response) { header::store(response, 0, 2, effect.tag); });
}

Expected<Bytes> apply(const SetSize& effect, Exchange& exchange) {
  return changed(exchange, [&](Bytes& response) {
    header::store(response, header::kSizeOffset, 4, effect.size);
  });
}

Expected<Bytes> apply(const Echo& /*effect*/, Exchange& exchange) {
  const ByteView octets = exchange.command.octets();
  return Bytes(octets.begin(), octets.end());
}

}  // namespace tpmprobe::emulator
