// SPDX-License-Identifier: BSD-2-Clause
#include "knowledge/firmware_profile/profile.h"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "knowledge/command_table.h"
#include "knowledge/firmware_profile/read_profile.h"
#include "knowledge/property_tags.h"
#include "knowledge/text.h"

namespace tpmprobe::knowledge {

std::optional<std::uint32_t> FirmwareProfile::property(std::uint32_t tag) const {
  if (!properties_fixed) return std::nullopt;
  const auto found = std::ranges::find(*properties_fixed, tag, &Property::tag);
  return found == properties_fixed->end() ? std::nullopt : std::optional(found->value);
}

std::vector<std::string_view> firmware_names() {
  std::vector<std::string_view> names;
  for (const Document& document : firmware_documents()) names.push_back(document.name);
  return names;
}

std::optional<FirmwareProfile> find_firmware(std::string_view name) {
  const auto all = firmware_documents();
  const auto found = std::ranges::find_if(
      all, [&](const Document& document) { return same_word(document.name, name); });
  if (found == all.end()) return std::nullopt;
  auto profile = read_profile(found->text);
  return profile ? std::optional(std::move(*profile)) : std::nullopt;
}

namespace reading {
namespace {

constexpr unsigned kShortBits = 16, kWordBits = 32;

std::string line(const JsonValue& json) {
  auto text = json.text();
  if (text.empty()) json.fail("must not be empty");
  return text;
}

/// The elements of a list, none of them twice by `key`.
template <typename Read, typename Key>
auto unique_list(const JsonValue& json, Read&& read, Key key) {
  std::vector<decltype(read(json))> all;
  for (const JsonValue& element : json.elements()) {
    const auto value = read(element);
    if (std::ranges::find(all, std::invoke(key, value), key) != all.end()) {
      element.fail("occurs twice");
    }
    all.push_back(value);
  }
  return all;
}

/// The two elements of `["id", "value"]`.
std::vector<JsonValue> pair_of(const JsonValue& json) {
  auto both = json.elements();
  if (both.size() != 2) json.fail("must have two elements");
  return both;
}

std::uint16_t short_number(const JsonValue& json) {
  return static_cast<std::uint16_t>(json.number(kShortBits));
}

std::uint32_t word(const JsonValue& json) {
  return static_cast<std::uint32_t>(json.number(kWordBits));
}

std::uint16_t key_bits(const JsonValue& json) {
  const auto bits = short_number(json);
  if (bits == 0) json.fail("a key cannot have 0 bits");
  return bits;
}

std::uint32_t code(const JsonValue& json) {
  const auto rc = word(json);
  if (rc == 0) json.fail("0 is not a refusal");
  return rc;
}

AlgorithmEntry algorithm(const JsonValue& json) {
  const auto both = pair_of(json);
  return {short_number(both[0]), word(both[1])};
}

Property property(const JsonValue& json) {
  const auto both = pair_of(json);
  const auto tag = word(both[0]);
  if (tag < kPtFixed || tag >= kPtVar) both[0].fail("is not a fixed TPM_PT");
  return {tag, word(both[1])};
}

std::uint32_t command(const JsonValue& json) {
  const CommandInfo* info = find_command(json.text());
  if (info == nullptr) json.fail(fmt::format("unknown command '{}'", json.text()));
  return info->code;
}

std::optional<std::uint16_t> short_member(const JsonValue& json, std::string_view name) {
  return json.has(name) ? std::optional(short_number(json.at(name))) : std::nullopt;
}

MeasuredCode measured_code(const JsonValue& json) {
  json.require_members({"command", "rc"}, {"curve", "scheme"});
  return {command(json.at("command")), short_member(json, "curve"), short_member(json, "scheme"),
          code(json.at("rc"))};
}

/// "ms": [average, least, most].
void read_times(const JsonValue& json, OperationTime& time) {
  const auto all = json.elements();
  if (all.size() != 3) json.fail("must be average, minimum and maximum");
  time.average_ms = all[0].real();
  time.least_ms = all[1].real();
  time.most_ms = all[2].real();
  if (time.least_ms < 0) json.fail("a time cannot be negative");
  if (time.least_ms > time.average_ms || time.average_ms > time.most_ms) {
    json.fail("the average must be between minimum and maximum");
  }
}

OperationTime operation_time(const JsonValue& json) {
  json.require_members({"command", "ms"}, {"type", "size", "curve", "scheme", "hash"});
  OperationTime time;
  time.command = command(json.at("command"));
  time.type = short_member(json, "type");
  time.size = short_member(json, "size");
  time.curve = short_member(json, "curve");
  time.scheme = short_member(json, "scheme");
  time.hash = short_member(json, "hash");
  read_times(json.at("ms"), time);
  return time;
}

void read_capabilities(const JsonValue& json, FirmwareProfile& profile) {
  const std::identity itself;
  if (json.has("algorithms")) {
    profile.algorithms = unique_list(json.at("algorithms"), algorithm, &AlgorithmEntry::id);
  }
  if (json.has("curves")) profile.curves = unique_list(json.at("curves"), short_number, itself);
  if (json.has("commands")) profile.commands = unique_list(json.at("commands"), word, itself);
  if (json.has("propertiesFixed")) {
    profile.properties_fixed = unique_list(json.at("propertiesFixed"), property, &Property::tag);
  }
}

void read_measurements(const JsonValue& json, FirmwareProfile& profile) {
  const std::identity itself;
  if (json.has("rsaBits")) profile.rsa_bits = unique_list(json.at("rsaBits"), key_bits, itself);
  if (json.has("aesBits")) profile.aes_bits = unique_list(json.at("aesBits"), key_bits, itself);
  if (json.has("curvesRefused")) profile.curves_refused = code(json.at("curvesRefused"));
  if (json.has("quirks")) profile.quirks = unique_list(json.at("quirks"), line, itself);
  if (json.has("codes")) {
    for (const auto& row : json.at("codes").elements()) {
      profile.codes.push_back(measured_code(row));
    }
  }
  if (json.has("times")) {
    for (const auto& row : json.at("times").elements()) {
      profile.times.push_back(operation_time(row));
    }
  }
}

}  // namespace

FirmwareProfile profile(const JsonValue& json) {
  json.require_members({"name"},
                       {"source", "algorithms", "curves", "commands", "propertiesFixed", "rsaBits",
                        "aesBits", "curvesRefused", "quirks", "codes", "times"});
  FirmwareProfile profile;
  profile.name = line(json.at("name"));
  if (json.has("source")) profile.source = line(json.at("source"));
  read_capabilities(json, profile);
  read_measurements(json, profile);
  return profile;
}

}  // namespace reading

tl::expected<FirmwareProfile, DocumentError> read_profile(std::string_view text) {
  return read_document(text, reading::profile);
}

namespace {

bool is_json(std::string_view text) {
  const auto first = std::ranges::find_if_not(text, is_space);
  return first != text.end() && *first == '{';
}

FirmwareProfile read_json(const JsonValue& json) {
  const bool is_report = json.has("schema_version") && json.has("capabilities");
  return is_report ? reading::report_profile(json) : reading::profile(json);
}

}  // namespace

tl::expected<FirmwareProfile, DocumentError> read_any_profile(std::string_view text) {
  if (is_json(text)) return read_document(text, read_json);
  try {
    return reading::getcap_profile(text);
  } catch (const DocumentError& error) {
    return tl::unexpected(error);
  }
}

}  // namespace tpmprobe::knowledge
