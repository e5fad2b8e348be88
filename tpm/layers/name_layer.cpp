// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/layers/name_layer.h"

#include <algorithm>

#include "knowledge/command_codes.h"
#include "knowledge/evidence.h"
#include "tpm/command_builder.h"
#include "tpm/digest.h"

namespace tpmprobe::tpm {
namespace {

constexpr std::uint32_t kTransient = 0x80;  // TPM_HT, Part 2, 7.2

/// The octets of the first of these fields that is there; empty if none is.
ByteView first_of(const Parameters& parameters, std::string_view path, std::string_view other) {
  return parameters.octets(parameters.find(path) != nullptr ? path : other);
}

bool returns_name(const knowledge::CommandInfo& command) {
  return std::ranges::any_of(command.response_parameters, [](const auto& parameter) {
    return std::string_view(parameter.name) == "name";
  });
}

/// The public area that the Name is about: from the answer, or what was loaded.
ByteView public_area(const WireExchange& exchange) {
  const auto area = exchange.given().octets("outPublic.publicArea");
  return area.empty() ? exchange.asked().octets("inPublic.publicArea") : area;
}

bool is_wrong(ByteView given, const Bytes& right) {
  return !given.empty() && !right.empty() && !std::ranges::equal(given, right);
}

bool has_wrong_name(const WireExchange& exchange) {
  const auto* info = knowledge::find_command(exchange.code());
  if (info == nullptr || !returns_name(*info) || exchange.success() == nullptr) return false;
  return is_wrong(first_of(exchange.given(), "name.buffer", "name.name"),
                  name_of(public_area(exchange)));
}

}  // namespace

void NameLayer::flush_what_was_made(const WireExchange& exchange) {
  const auto& handles = exchange.success()->handles;
  if (handles.empty() || handles[0] >> 24U != kTransient) return;
  const Bytes flush = CommandBuilder(knowledge::cc::kFlushContext).parameter(handles[0]).build();
  static_cast<void>(below().transmit(flush, kNoDeadline));
}

Expected<void> NameLayer::carry(WireExchange& exchange, TimePoint deadline) {
  auto carried = below().carry(exchange, deadline);
  if (!carried || !has_wrong_name(exchange)) return carried;
  flush_what_was_made(exchange);
  auto error = fail(Error::Kind::malformed, exchange.code(),
                    "the Name is not nameAlg followed by the digest of the public area");
  error.value().evidence = knowledge::evidence::kNameWrong;
  return error;
}

}  // namespace tpmprobe::tpm
