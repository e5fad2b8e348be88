// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include "knowledge/command_table.h"
#include "knowledge/quirk/reading.h"

namespace tpmprobe::knowledge::reading {
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
  if (range.at_least > range.at_most) json.fail("no number is at least and at most so");
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
    if (command == nullptr) element.fail(fmt::format("there is no command '{}'", element.text()));
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

}  // namespace tpmprobe::knowledge::reading
