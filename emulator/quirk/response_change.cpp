// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/quirk/response_change.h"

#include <algorithm>
#include <utility>

#include "emulator/quirk/field_change.h"
#include "knowledge/handles.h"
#include "tpm/layers/header.h"

namespace tpmprobe::emulator {
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
           return auth.session == knowledge::rh::kPassword;
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
