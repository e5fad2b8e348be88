// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>

#include <fmt/format.h>

#include "knowledge/ascii.h"
#include "knowledge/evidence.h"
#include "knowledge/quirk/quirk.h"
#include "knowledge/quirk/reading.h"

namespace tpmprobe::knowledge {
namespace {

using reading::line;
using reading::one_of;

constexpr unsigned kVersionBits = 64;

// The same words as in a report (probes/result.h): a symptom is about nothing else.
constexpr std::array<std::string_view, 8> kVerdicts{
    "pass", "fail", "mismatch", "quirk", "unsupported", "blocked", "error", "timeout"};
constexpr std::array<std::string_view, 3> kSeverities{"info", "warning", "error"};
constexpr std::array<std::pair<std::string_view, bool>, 2> kKinds{
    {{"defect", false}, {"limit", true}}};

void require_known(const JsonValue& json, const auto& words) {
  if (std::ranges::find(words, json.text()) == words.end()) {
    json.fail(fmt::format("'{}' is not one of the words for this", json.text()));
  }
}

/// What stands for the quirk in reports and on command lines.
std::string word(const JsonValue& json) {
  auto text = line(json);
  const auto is_allowed = [](char c) { return is_letter(c) || is_digit(c) || c == '-'; };
  if (!std::ranges::all_of(text, is_allowed)) json.fail("must be letters, digits and '-' only");
  return text;
}

FirmwareMatch firmware(const JsonValue& json) {
  json.require_members({"manufacturer"}, {"from", "to"});
  FirmwareMatch match;
  match.manufacturer = line(json.at("manufacturer"));
  if (json.has("from")) match.from = json.at("from").number(kVersionBits);
  if (json.has("to")) match.to = json.at("to").number(kVersionBits);
  if (match.from > match.to) json.fail("no version is from and to so");
  return match;
}

Symptom symptom(const JsonValue& json) {
  json.require_members({}, {"results", "verdicts", "evidence", "codes", "commands"});
  Symptom symptom;
  if (json.has("results")) symptom.results = json.at("results").texts();
  if (json.has("verdicts")) {
    for (const auto& word : json.at("verdicts").elements()) require_known(word, kVerdicts);
    symptom.verdicts = json.at("verdicts").texts();
  }
  if (json.has("evidence")) {
    for (const auto& word : json.at("evidence").elements()) require_known(word, evidence::kAll);
    symptom.evidence = json.at("evidence").texts();
  }
  if (json.has("codes")) symptom.codes = reading::words(json.at("codes"));
  if (json.has("commands")) symptom.commands = reading::commands(json.at("commands"));
  const bool tells =
      !symptom.results.empty() || !symptom.evidence.empty() || !symptom.codes.empty();
  if (!tells) json.fail("every TPM has this symptom: results, evidence or codes must be named");
  return symptom;
}

Rule rule(const JsonValue& json) {
  json.require_members({"effect"}, {"when"});
  Rule rule{{}, reading::effect(json.at("effect"))};
  if (json.has("when")) rule.when = reading::condition(json.at("when"));
  return rule;
}

template <typename T>
std::vector<T> all_of(const JsonValue& json, std::string_view name, T (*read)(const JsonValue&)) {
  std::vector<T> all;
  if (!json.has(name)) return all;
  for (const JsonValue& element : json.at(name).elements()) all.push_back(read(element));
  return all;
}

Quirk quirk(const JsonValue& json) {
  json.require_members({"id", "name", "title", "kind", "severity", "seenOn", "diagnosis", "advice",
                        "toolsSee", "symptoms", "rules"},
                       {"references", "firmware", "consequences"});
  Quirk quirk;
  quirk.id = word(json.at("id"));
  quirk.name = word(json.at("name"));
  quirk.title = line(json.at("title"));
  quirk.is_limit = one_of(json.at("kind"), kKinds);
  require_known(json.at("severity"), kSeverities);
  quirk.severity = json.at("severity").text();
  quirk.seen_on = line(json.at("seenOn"));
  quirk.diagnosis = line(json.at("diagnosis"));
  quirk.advice = line(json.at("advice"));
  quirk.tools_see = line(json.at("toolsSee"));
  if (json.has("references")) quirk.references = json.at("references").texts();
  quirk.firmware = all_of(json, "firmware", firmware);
  quirk.symptoms = all_of(json, "symptoms", symptom);
  quirk.consequences = all_of(json, "consequences", symptom);
  quirk.rules = all_of(json, "rules", rule);
  return quirk;
}

}  // namespace

tl::expected<Quirk, DocumentError> read_quirk(std::string_view text) {
  return read_document(text, quirk);
}

}  // namespace tpmprobe::knowledge
