// SPDX-License-Identifier: BSD-2-Clause
#include "host/fapi/relaxed_json.h"

#include <string>

namespace tpmprobe::host {
namespace {

/// The index of the quotation mark that ends the string which begins at `at`.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  while (++at < text.size() && text[at] != '"') {
    if (text[at] == '\\') ++at;
  }
  return at;
}

bool stands_before_bracket(std::string_view text, std::size_t comma) {
  const auto next = text.find_first_not_of(" \t\r\n", comma + 1);
  return next != std::string_view::npos && (text[next] == '}' || text[next] == ']');
}

std::string without_trailing_commas(std::string_view text) {
  std::string kept;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"') {
      const auto end = end_of_string(text, at);
      kept += text.substr(at, end - at + 1);
      at = end;
    } else if (text[at] != ',' || !stands_before_bracket(text, at)) {
      kept += text[at];
    }
  }
  return kept;
}

}  // namespace

nlohmann::json parse_relaxed_json(std::string_view text) {
  return nlohmann::json::parse(without_trailing_commas(text), nullptr, false, true);
}

std::string text_of(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace tpmprobe::host
