// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/layers/name_layer.h"

#include <algorithm>

#include "knowledge/evidence.h"
#include "knowledge/wire.h"
#include "tpm/name.h"

namespace tpmprobe::tpm {
namespace {

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

Expected<Bytes> NameLayer::transmit(ByteView command, TimePoint deadline) {
  auto response = below().transmit(command, deadline);
  if (!response || !has_wrong_name(command, *response)) return response;
  auto error = fail(Error::Kind::malformed, knowledge::command_code(command),
                    "the Name is not nameAlg and the digest of the public area");
  error.value().evidence = knowledge::evidence::kNameWrong;
  return error;
}

}  // namespace tpmprobe::tpm
