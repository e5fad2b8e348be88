// SPDX-License-Identifier: BSD-2-Clause
#include "explain/json.h"

#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace tpmprobe::explain {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kIndent = 2;

Json text_or_null(std::string_view text) {
  return text.empty() ? Json() : Json(text);
}

Json where(const Explanation& explanation) {
  const auto position = explanation.decoded.where;
  if (position.place == knowledge::RcPlace::none || explanation.echo) return {};
  return {{"kind", knowledge::to_string(position.place)},
          {"index", position.index},
          {"name", text_or_null(explanation.place_name)}};
}

/// Of a text, the software that printed it, where that is one of the TSS.
Json layer(const Explanation& explanation) {
  const auto* message = explanation.message;
  if (message == nullptr) return knowledge::to_string(explanation.decoded.layer);
  return message->layer ? Json(knowledge::to_string(*message->layer)) : Json();
}

Json cause(const ExplainedCause& cause) {
  const std::string condition =
      cause.only_for.empty() ? std::string{} : "If the command was " + cause.only_for + ": ";
  return {{"class", knowledge::to_string(cause.cause_class)},
          {"summary", condition + cause.summary},
          {"confirm", text_or_null(cause.confirm)},
          {"fix", text_or_null(cause.fix)}};
}

Json causes(const Explanation& explanation) {
  Json list = Json::array();
  for (const auto& each : explanation.causes) list.push_back(cause(each));
  return list;
}

std::string meaning(const Explanation& explanation) {
  return explanation.meaning.empty() || explanation.echo
             ? explanation.sentence
             : explanation.sentence + " " + explanation.meaning;
}

Json entry(const LoggedExplanation& logged) {
  const Explanation& explanation = logged.explanation;
  const auto* command = explanation.command;
  const auto* message = explanation.message;
  return {
      {"line", logged.first_line},
      {"text", logged.text},
      {"code", message != nullptr ? Json() : Json(fmt::format("{:#x}", explanation.decoded.value))},
      {"symbol", text_or_null(explanation.symbol)},
      {"layer", layer(explanation)},
      {"format",
       message != nullptr ? Json() : Json(knowledge::to_string(explanation.decoded.format))},
      {"where", where(explanation)},
      {"command", command != nullptr ? Json(full_name(*command)) : Json()},
      {"severity", knowledge::to_string(explanation.severity)},
      {"meaning", meaning(explanation)},
      {"causes", causes(explanation)},
      {"count", logged.count},
      {"first_line", logged.first_line},
      {"last_line", logged.last_line}};
}

/// A value inside the list, as deep as it stands there.
std::string indented(const Json& value) {
  const std::string text = value.dump(kIndent, ' ', false, Json::error_handler_t::replace);
  const std::string margin(2 * kIndent, ' ');
  std::string result = margin;
  for (const char c : text) {
    result += c;
    if (c == '\n') result += margin;
  }
  return result;
}

}  // namespace

void write_json(const ExplainedText& text, std::ostream& out) {
  out << "{\n  \"schema_version\": \"" << kExplainSchemaVersion << "\",\n  \"explanations\": [";
  const char* separator = "\n";
  for (const auto& logged : text.explanations) {
    out << separator << indented(entry(logged));
    separator = ",\n";
  }
  out << (text.explanations.empty() ? "]" : "\n  ]") << ",\n  \"primary\": ";
  out << (text.primary ? std::to_string(*text.primary) : "null") << "\n}\n";
}

}  // namespace tpmprobe::explain
