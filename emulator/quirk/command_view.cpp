// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/quirk/command_view.h"

#include <algorithm>
#include <utility>

namespace tpmprobe::emulator {

using knowledge::WireField;

const knowledge::WireCommand& CommandView::split() const {
  if (!split_) split_ = knowledge::split_command(octets_).value_or(knowledge::WireCommand{});
  return *split_;
}

const std::vector<WireField>& CommandView::fields() const {
  if (!fields_) {
    fields_ = split().info == nullptr
                  ? std::vector<WireField>{}
                  : knowledge::read_parameters(split()).value_or(std::vector<WireField>{});
  }
  return *fields_;
}

const WireField* CommandView::integer(std::string_view path) const {
  const auto* field = knowledge::find_field(fields(), path);
  return field != nullptr && field->is_integer ? field : nullptr;
}

unsigned CommandView::parameter_number(const WireField& field) const {
  if (split().info == nullptr) return 0;
  const auto parameters = split().info->parameters;
  const std::string_view name = std::string_view(field.path).substr(0, field.path.find('.'));
  const auto found = std::ranges::find(parameters, name, &knowledge::Field::name);
  if (found == parameters.end()) return 0;
  return static_cast<unsigned>(found - parameters.begin()) + 1;
}

std::optional<knowledge::WireResponse> CommandView::split_response(ByteView response) const {
  if (split().info == nullptr) return std::nullopt;
  auto answer = knowledge::split_response(*split().info, split().auths.size(), response);
  if (!answer || answer->rc != 0) return std::nullopt;
  return std::move(*answer);
}

std::vector<WireField> CommandView::fields_of(const knowledge::WireResponse& response) const {
  return knowledge::read_parameters(*split().info, response).value_or(std::vector<WireField>{});
}

}  // namespace tpmprobe::emulator
