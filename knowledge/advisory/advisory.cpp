// SPDX-License-Identifier: BSD-2-Clause
#include "knowledge/advisory/advisory.h"

#include <algorithm>

#include "knowledge/json_value.h"

namespace tpmprobe::knowledge {
namespace {

constexpr unsigned kVersionBits = 64;
constexpr unsigned kYearBits = 16;

AdvisoryMatch read_match(const JsonValue& value) {
  value.require_members({"manufacturer"}, {"from", "to", "mask", "equals", "specificationBefore"});
  if (value.has("from") != value.has("to")) value.fail("'from' and 'to' must be given together");
  if (value.has("mask") != value.has("equals"))
    value.fail("'mask' and 'equals' must be given together");
  AdvisoryMatch match;
  match.manufacturer = value.at("manufacturer").text();
  if (value.has("from")) {
    match.from = value.at("from").number(kVersionBits);
    match.to = value.at("to").number(kVersionBits);
    if (match.to < match.from) value.at("to").fail("is less than 'from'");
  }
  if (value.has("mask")) {
    match.mask = value.at("mask").number(kVersionBits);
    match.equals = value.at("equals").number(kVersionBits);
  }
  if (value.has("specificationBefore")) {
    match.specification_before =
        static_cast<std::uint32_t>(value.at("specificationBefore").number(kYearBits));
  }
  return match;
}

std::string read_severity(const JsonValue& value) {
  const auto word = value.text();
  if (word != "info" && word != "warning" && word != "error") {
    value.fail("must be info, warning or error");
  }
  return word;
}

Advisory read_advisory(const JsonValue& value) {
  value.require_members({"id", "title", "severity", "certain", "meaning", "advice", "sources"},
                        {"firmware", "quirks"});
  Advisory advisory;
  advisory.id = value.at("id").text();
  advisory.title = value.at("title").text();
  advisory.severity = read_severity(value.at("severity"));
  advisory.certain = value.at("certain").boolean();
  advisory.meaning = value.at("meaning").text();
  advisory.advice = value.at("advice").text();
  advisory.sources = value.at("sources").texts();
  if (value.has("firmware")) {
    for (const auto& match : value.at("firmware").elements()) {
      advisory.firmware.push_back(read_match(match));
    }
  }
  if (value.has("quirks")) advisory.quirks = value.at("quirks").texts();
  if (advisory.firmware.empty() && advisory.quirks.empty()) value.fail("can never be found");
  return advisory;
}

bool fits(const AdvisoryMatch& match, const FirmwareFacts& facts) {
  if (match.manufacturer != facts.manufacturer) return false;
  const bool asks_for_version = match.from > 0 || match.to < UINT64_MAX || match.mask != 0;
  if (asks_for_version && !facts.version) return false;
  const std::uint64_t version = facts.version.value_or(0);
  if (version < match.from || version > match.to) return false;
  if ((version & match.mask) != match.equals) return false;
  return !match.specification_before ||
         (facts.specification_year && *facts.specification_year < *match.specification_before);
}

}  // namespace

bool is_about(const Advisory& advisory, const FirmwareFacts& facts) {
  return std::ranges::any_of(advisory.firmware,
                             [&](const AdvisoryMatch& match) { return fits(match, facts); });
}

tl::expected<std::vector<Advisory>, DocumentError> read_advisories(std::string_view text) {
  return read_document(text, [](const JsonValue& root) {
    root.require_members({"source", "advisories"});
    std::vector<Advisory> all;
    for (const auto& value : root.at("advisories").elements()) all.push_back(read_advisory(value));
    return all;
  });
}

const std::vector<Advisory>& advisories() {
  // The file is part of the program, and the tests read it: it is never malformed.
  static const std::vector<Advisory> kAll =
      read_advisories(advisories_document()).value_or(std::vector<Advisory>{});
  return kAll;
}

}  // namespace tpmprobe::knowledge
