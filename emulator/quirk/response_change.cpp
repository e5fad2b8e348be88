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

Bytes with_change(Exchange& exchange, Bytes response, std::string_view pattern,
                  const FieldChange& change) {
  const auto answer = exchange.command.split_response(response);
  if (!answer) return response;
  const auto fields = exchange.command.fields_of(*answer);
  const WireField* field = find_named(fields, pattern);
  if (field == nullptr) return response;
  const Bytes octets = change(*field, ByteView(response).subspan(field->offset, field->size));
  Bytes changed = replace_field(fields, *field, response, octets);
  if (answer->tag == header::kSessions) {
    header::store(changed, answer->parameters_offset - kSizeOfSize, kSizeOfSize,
                  answer->parameters.size() + changed.size() - response.size());
  }
  return exchange.book.authorize_response(exchange.command.octets(), std::move(changed));
}

Bytes put(Exchange& exchange, Bytes response, std::string_view pattern, const Bytes& octets) {
  if (octets.empty()) return response;
  return with_change(exchange, std::move(response), pattern,
                     [&](const WireField&, ByteView) { return octets; });
}

ByteView octets_at(const std::vector<WireField>& fields, std::string_view pattern,
                   ByteView message) {
  const WireField* field = find_named(fields, pattern);
  return field == nullptr ? ByteView() : message.subspan(field->offset, field->size);
}

std::uint16_t value_at(const std::vector<WireField>& fields, std::string_view pattern) {
  const WireField* field = find_named(fields, pattern);
  return field == nullptr ? std::uint16_t{0} : static_cast<std::uint16_t>(field->value);
}

bool has_passwords_only(const CommandView& command) {
  const auto split = knowledge::split_command(command.octets());
  return split && std::ranges::all_of(split->auths, [](const knowledge::WireAuth& auth) {
           return auth.session == knowledge::rs::kPw;
         });
}

bool is_encrypted(const CommandView& command) {
  const auto split = knowledge::split_command(command.octets());
  return split && std::ranges::any_of(split->auths, [](const knowledge::WireAuth& auth) {
           return (auth.attributes & (knowledge::kSessionDecrypt | knowledge::kSessionEncrypt)) !=
                  0;
         });
}

}  // namespace tpmprobe::emulator
