// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/layers/name_layer.h"

#include <algorithm>

#include "knowledge/command_codes.h"
#include "knowledge/evidence.h"
#include "knowledge/wire.h"
#include "tpm/layers/header.h"
#include "tpm/name.h"

namespace tpmprobe::tpm {
namespace {

constexpr std::uint32_t kTransient = 0x80;  // TPM_HT, Part 2, 7.2

using Fields = std::vector<knowledge::WireField>;

/// The octets of the first of these fields that is there; empty if none is.
ByteView octets_of(ByteView message, const Fields& fields,
                   std::initializer_list<std::string_view> paths) {
  for (const auto path : paths) {
    if (const auto* field = knowledge::find_field(fields, path)) {
      return message.subspan(field->offset, field->size);
    }
  }
  return {};
}

bool returns_name(const knowledge::CommandInfo& command) {
  return std::ranges::any_of(command.response_parameters, [](const auto& parameter) {
    return std::string_view(parameter.name) == "name";
  });
}

/// The public area that the Name is about: from the answer, or what was loaded.
ByteView public_area(const knowledge::WireCommand& request, ByteView command, ByteView response,
                     const Fields& answer) {
  const auto area = octets_of(response, answer, {"outPublic.publicArea"});
  if (!area.empty()) return area;
  const auto parameters = knowledge::read_parameters(request);
  return parameters ? octets_of(command, *parameters, {"inPublic.publicArea"}) : ByteView{};
}

bool is_wrong(ByteView given, const Bytes& right) {
  return !given.empty() && !right.empty() && !std::ranges::equal(given, right);
}

bool has_wrong_name(ByteView command, ByteView response) {
  const auto* info = knowledge::find_command(knowledge::command_code(command));
  if (info == nullptr || !returns_name(*info) || knowledge::response_code(response) != 0) {
    return false;
  }
  const auto request = knowledge::split_command(command);
  if (!request) return false;
  const auto answer = knowledge::split_response(*info, request->auths.size(), response);
  const auto fields =
      answer ? knowledge::read_parameters(*info, *answer) : tl::unexpected(answer.error());
  return fields && is_wrong(octets_of(response, *fields, {"name.buffer", "name.name"}),
                            name_of(public_area(*request, command, response, *fields)));
}

}  // namespace

void NameLayer::flush_what_was_made(ByteView response) {
  const auto handle =
      static_cast<std::uint32_t>(header::load(response, header::kSize, sizeof(std::uint32_t)));
  if (handle >> 24U != kTransient) return;
  Bytes flush = header::response(knowledge::cc::kFlushContext);
  flush.resize(header::kSize + sizeof(handle));
  header::store(flush, header::kSizeOffset, sizeof(std::uint32_t), flush.size());
  header::store(flush, header::kSize, sizeof(handle), handle);
  static_cast<void>(below().transmit(flush, kNoDeadline));
}

Expected<Bytes> NameLayer::transmit(ByteView command, TimePoint deadline) {
  auto response = below().transmit(command, deadline);
  if (!response || !has_wrong_name(command, *response)) return response;
  flush_what_was_made(*response);
  auto error = fail(Error::Kind::malformed, knowledge::command_code(command),
                    "the Name is not nameAlg and the digest of the public area");
  error.value().evidence = knowledge::evidence::kNameWrong;
  return error;
}

}  // namespace tpmprobe::tpm
