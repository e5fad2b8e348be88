// SPDX-License-Identifier: BSD-2-Clause
// What an emulated TPM takes from a JSON report. This is not the reader of reports (reports/json):
// that one takes what is missing for unknown, while nothing may be made up of a TPM that is to be
// imitated, so that each error here is told with its place; and a list of capabilities is enough.
#include <algorithm>

#include <fmt/format.h>

#include "knowledge/firmware_profile/read_profile.h"
#include "knowledge/text.h"

namespace tpmprobe::knowledge::reading {
namespace {

constexpr unsigned kShortBits = 16, kWordBits = 32;

/// A number that is a member of a row of a list.
template <typename Number>
Number member(const JsonValue& row, std::string_view name, unsigned bits) {
  return static_cast<Number>(row.at(name).number(bits));
}

std::uint16_t id_of(const JsonValue& row) {
  return member<std::uint16_t>(row, "id", kShortBits);
}

std::uint32_t attributes_of(const JsonValue& row) {
  return member<std::uint32_t>(row, "attributes", kWordBits);
}

AlgorithmEntry algorithm(const JsonValue& row) {
  return {id_of(row), attributes_of(row)};
}

Property property(const JsonValue& row) {
  return {member<std::uint32_t>(row, "id", kWordBits),
          member<std::uint32_t>(row, "value", kWordBits)};
}

/// A list of the capabilities; null is one that could not be read.
template <typename Read>
auto list(const JsonValue& capabilities, std::string_view name, Read&& read) {
  std::optional<std::vector<decltype(read(capabilities))>> all;
  if (!capabilities.has(name) || capabilities.at(name).is_null()) return all;
  all.emplace();
  for (const auto& row : capabilities.at(name).elements()) all->push_back(read(row));
  return all;
}

/// The size of key that the result is about; nullopt for other results. Ids are taken apart in
/// result/id.cpp alone, which stands above this room, so the sizes that have a probe are compared.
std::optional<std::uint16_t> rsa_key(std::string_view id) {
  constexpr std::uint16_t kSizes[]{1024, 2048, 3072, 4096};
  for (const std::uint16_t bits : kSizes) {
    if (id == fmt::format("key.rsa{}", bits)) return bits;
  }
  return std::nullopt;
}

void read_rsa_bits(const JsonValue& results, FirmwareProfile& profile) {
  for (const auto& result : results.elements()) {
    const auto bits = rsa_key(result.at("id").text());
    const auto verdict = result.at("verdict").text();
    if (!bits || (verdict != "pass" && verdict != "unsupported")) continue;
    if (!profile.rsa_bits) profile.rsa_bits.emplace();
    if (verdict == "pass") profile.rsa_bits->push_back(*bits);
  }
}

std::string name_of(const JsonValue& json) {
  if (!json.has("tpm")) return "report";
  const auto tpm = json.at("tpm");
  const auto has_text = [&](std::string_view name) {
    return tpm.has(name) && tpm.at(name).is_string();
  };
  if (!has_text("manufacturer") || !has_text("firmware")) return "report";
  auto manufacturer = lower(tpm.at("manufacturer").text());
  manufacturer.erase(manufacturer.find_last_not_of(' ') + 1);
  const auto name = manufacturer + "-" + tpm.at("firmware").text();
  const bool is_plain = std::ranges::all_of(
      name, [](char c) { return is_word_character(c) || c == '-' || c == '.'; });
  return is_plain ? name : "report";
}

}  // namespace

FirmwareProfile report_profile(const JsonValue& json) {
  const auto capabilities = json.at("capabilities");
  if (!capabilities.is_object()) capabilities.fail("the report has no capabilities");
  FirmwareProfile profile;
  profile.name = name_of(json);
  profile.algorithms = list(capabilities, "algorithms", algorithm);
  profile.curves = list(capabilities, "curves", id_of);
  profile.commands = list(capabilities, "commands", attributes_of);
  profile.properties_fixed = list(capabilities, "properties_fixed", property);
  if (json.has("results")) read_rsa_bits(json.at("results"), profile);
  return profile;
}

}  // namespace tpmprobe::knowledge::reading
