// SPDX-License-Identifier: BSD-2-Clause
#include "probes/doctor/fapi_json.h"

namespace tpmprobe::probes {
namespace {

std::string without_last_commas(const std::string& text) {
  std::string kept;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escaped = i > 0 && text[i - 1] == '\\';
    if (text[i] == '"' && !escaped) in_string = !in_string;
    const auto next = text.find_first_not_of(" \t\r\n", i + 1);
    const bool last = next != std::string::npos && (text[next] == '}' || text[next] == ']');
    if (text[i] == ',' && !in_string && last) continue;
    kept += text[i];
  }
  return kept;
}

}  // namespace

nlohmann::json parse_fapi_json(const std::string& text) {
  return nlohmann::json::parse(without_last_commas(text), nullptr, false, true);
}

std::string text_of(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace tpmprobe::probes
