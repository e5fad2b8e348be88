// SPDX-License-Identifier: BSD-2-Clause
#include "knowledge/quirk/quirk.h"

#include <algorithm>

#include <fmt/format.h>

#include "knowledge/command_table.h"
#include "knowledge/evidence.h"
#include "knowledge/quirk/read_quirk.h"
#include "knowledge/text.h"

namespace tpmprobe::knowledge {

namespace reading {

namespace {

constexpr unsigned kCountBits = 31, kWordBits = 32, kLongBits = 64;

unsigned count(const JsonValue& json) {
  return static_cast<unsigned>(json.number(kCountBits));
}

FieldIs field_is(const JsonValue& json) {
  json.require_members({"path", "values"}, {"type"});
  FieldIs field{line(json.at("path")), numbers(json.at("values"), kLongBits)};
  if (json.has("type")) field.type = line(json.at("type"));
  return field;
}

FieldRange field_range(const JsonValue& json) {
  json.require_members({"path"}, {"atLeast", "atMost"});
  FieldRange range{line(json.at("path"))};
  if (json.has("atLeast")) range.at_least = json.at("atLeast").number(kLongBits);
  if (json.has("atMost")) range.at_most = json.at("atMost").number(kLongBits);
  if (range.at_least > range.at_most) json.fail("no number can satisfy both bounds");
  return range;
}

Calls calls(const JsonValue& json) {
  json.require_members({}, {"from", "count", "every"});
  Calls calls;
  if (json.has("from")) calls.from = count(json.at("from"));
  if (json.has("count")) calls.count = count(json.at("count"));
  if (json.has("every")) calls.every = count(json.at("every"));
  if (calls.from == 0 || calls.every == 0) json.fail("calls are counted from 1");
  return calls;
}

}  // namespace

std::string line(const JsonValue& json) {
  auto text = json.text();
  if (text.empty()) json.fail("must not be empty");
  return text;
}

std::vector<std::uint64_t> numbers(const JsonValue& json, unsigned bits) {
  std::vector<std::uint64_t> all;
  for (const JsonValue& element : json.elements()) all.push_back(element.number(bits));
  return all;
}

std::vector<std::uint32_t> words(const JsonValue& json) {
  const auto all = numbers(json, kWordBits);
  return {all.begin(), all.end()};
}

std::vector<std::uint32_t> commands(const JsonValue& json) {
  std::vector<std::uint32_t> codes;
  for (const JsonValue& element : json.elements()) {
    const CommandInfo* command = find_command(element.text());
    if (command == nullptr) element.fail(fmt::format("unknown command '{}'", element.text()));
    codes.push_back(command->code);
  }
  return codes;
}

Condition condition(const JsonValue& json) {
  json.require_members({}, {"commands", "except", "handles", "values", "ranges", "loadedObjects",
                            "firstMs", "calls"});
  Condition when;
  if (json.has("commands")) when.commands = commands(json.at("commands"));
  if (json.has("except")) when.except = commands(json.at("except"));
  if (json.has("handles")) when.handles = words(json.at("handles"));
  if (json.has("values")) {
    for (const auto& value : json.at("values").elements()) when.values.push_back(field_is(value));
  }
  if (json.has("ranges")) {
    for (const auto& range : json.at("ranges").elements())
      when.ranges.push_back(field_range(range));
  }
  if (json.has("loadedObjects")) when.loaded_objects = count(json.at("loadedObjects"));
  if (json.has("firstMs")) when.first = std::chrono::milliseconds(count(json.at("firstMs")));
  if (json.has("calls")) when.calls = calls(json.at("calls"));
  return when;
}

}  // namespace reading

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
    json.fail(fmt::format("'{}' is not one of the allowed words", json.text()));
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
  if (match.from > match.to) json.fail("no version can satisfy both 'from' and 'to'");
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
  if (!tells)
    json.fail("every TPM would match this symptom: results, evidence or codes must be given");
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

namespace {

// A file of ours that cannot be read is found by the tests, before anybody else can meet it.
std::vector<Quirk> read_all() {
  std::vector<Quirk> all;
  for (const Document& document : quirk_documents()) {
    if (auto quirk = read_quirk(document.text)) all.push_back(std::move(*quirk));
  }
  std::ranges::sort(all, {}, &Quirk::id);
  return all;
}

}  // namespace

bool matches(const FirmwareMatch& match, std::string_view manufacturer,
             std::optional<std::uint64_t> firmware) {
  if (!match.manufacturer.empty() && match.manufacturer != manufacturer) return false;
  const bool any_version = match.from == 0 && match.to == UINT64_MAX;
  return any_version || (firmware && *firmware >= match.from && *firmware <= match.to);
}

const std::vector<Quirk>& quirks() {
  static const std::vector<Quirk> kAll = read_all();
  return kAll;
}

const Quirk* find_quirk(std::string_view word) {
  const auto found = std::ranges::find_if(quirks(), [&](const Quirk& quirk) {
    return same_word(quirk.id, word) || same_word(quirk.name, word);
  });
  return found == quirks().end() ? nullptr : &*found;
}

}  // namespace tpmprobe::knowledge
