// SPDX-License-Identifier: BSD-2-Clause
#include "reports/json/values.h"

#include <cmath>

#include "explain/explanation.h"
#include "knowledge/text.h"

namespace tpmprobe::reports::json {

double milliseconds(double value) {
  return std::round(value * 1000) / 1000;
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json text_or_null(const std::optional<std::string>& text) {
  return text_or_null(text.value_or(""));
}

Json named_command(std::uint32_t code) {
  const auto* command = knowledge::find_command(code);
  return {{"id", knowledge::hex(code, kCodeDigits)},
          {"name", command != nullptr ? Json(explain::full_name(*command)) : Json(nullptr)}};
}

}  // namespace tpmprobe::reports::json
