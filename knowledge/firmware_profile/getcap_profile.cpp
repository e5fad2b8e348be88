// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <utility>

#include <fmt/format.h>

#include "knowledge/algorithms.h"
#include "knowledge/command_table.h"
#include "knowledge/firmware_profile/read_profile.h"
#include "knowledge/properties.h"
#include "knowledge/property_tags.h"
#include "knowledge/text.h"
#include "knowledge/vendors.h"

namespace tpmprobe::knowledge::reading {
namespace {

constexpr unsigned kShortBits = 16, kWordBits = 32;

// TPMA_ALGORITHM (Part 2, 8.2).
struct AttributeBit {
  std::string_view name;
  unsigned bit;
};
constexpr std::array<AttributeBit, 7> kAttributes{{{"asymmetric", 0},
                                                   {"symmetric", 1},
                                                   {"hash", 2},
                                                   {"object", 3},
                                                   {"signing", 8},
                                                   {"encrypting", 9},
                                                   {"method", 10}}};

// TPMA_CC (Part 2, 8.9).
constexpr unsigned kNvBit = 22, kHandlesShift = 25, kResponseHandleBit = 28;

/// Whoever pastes the same list twice means it once.
template <typename Value, typename Key>
void add_once(std::optional<std::vector<Value>>& list, const Value& value, Key key) {
  if (!list) list.emplace();
  const auto same = std::ranges::find(*list, std::invoke(key, value), key);
  if (same == list->end()) list->push_back(value);
}

bool has_prefix(std::string_view name, std::string_view group) {
  return take_prefix(name, "TPM2_")
             ? starts_ignoring_case(name, group)
             : take_prefix(name, "TPM_") && starts_ignoring_case(name, group);
}

std::uint32_t number(const GetcapLine& line, unsigned bits) {
  return line_number(line.number, line.value, bits);
}

/// "1.38" is 138 (Part 2, 6.13, TPM_PT_REVISION).
std::uint32_t revision(const GetcapLine& line) {
  const auto point = line.value.find('.');
  if (point == std::string_view::npos || line.value.size() != point + 3) {
    fail_line(line.number, fmt::format("'{}' is not a revision", line.value));
  }
  const auto part = [&](std::string_view digits) {
    if (!std::ranges::all_of(digits, is_digit)) {
      fail_line(line.number, fmt::format("'{}' is not a revision", line.value));
    }
    return line_number(line.number, digits, kShortBits);
  };
  return part(line.value.substr(0, point)) * 100 + part(line.value.substr(point + 1));
}

/// tpm2-tools 2.x and 3.x print "0x08" before the digits of a property with a text.
std::uint32_t number_with_08(GetcapLine line) {
  constexpr std::string_view kWithTooMuch = "0x08";
  constexpr std::size_t kDigits = 8;
  const bool has_too_much =
      line.value.starts_with(kWithTooMuch) && line.value.size() == kWithTooMuch.size() + kDigits;
  if (!has_too_much) return number(line, kWordBits);
  const std::string value = "0x" + std::string(line.value.substr(kWithTooMuch.size()));
  return line_number(line.number, value, kWordBits);
}

/// The value of a property; nullopt if the text ends before it.
std::optional<std::uint32_t> property_value(const GetcapEntry& entry, std::uint32_t tag) {
  const auto revision_or_number = [&](const GetcapLine& line) {
    const bool has_point = line.value.find('.') != std::string_view::npos;
    return tag == kPtRevision && has_point ? revision(line) : number(line, kWordBits);
  };
  if (!entry.head.value.empty()) return revision_or_number(entry.head);
  if (const auto* raw = entry.find("raw")) return number(*raw, kWordBits);
  if (const auto* old = entry.find("as UINT32")) return number_with_08(*old);
  const auto* value = entry.find("value");
  if (value == nullptr || tag != kPtRevision) return std::nullopt;
  return revision(*value);
}

/// TPM_PT of an entry: by its symbol, or its number if tpm2_getcap had no name for it.
std::uint32_t property_tag(const GetcapEntry& entry) {
  if (const auto* info = find_property(entry.head.name)) return info->tag;
  const bool is_number = starts_ignoring_case(entry.head.name, "0x");
  return is_number ? line_number(entry.head.number, entry.head.name, kWordBits) : 0;
}

void take_property(const GetcapEntry& entry, FirmwareProfile& profile) {
  const auto tag = property_tag(entry);
  if (tag < kPtFixed || tag >= kPtVar) return;
  if (const auto value = property_value(entry, tag)) {
    add_once(profile.properties_fixed, Property{tag, *value}, &Property::tag);
  }
}

void take_algorithm(const GetcapEntry& entry, FirmwareProfile& profile) {
  AlgorithmEntry algorithm;
  const auto* value = entry.find("value");
  const auto* info = find_algorithm(entry.head.name);
  if (value == nullptr && info == nullptr) fail_line(entry.head.number, "is not an algorithm");
  algorithm.id =
      value != nullptr ? static_cast<std::uint16_t>(number(*value, kShortBits)) : info->id;
  for (const auto& [name, bit] : kAttributes) {
    if (const auto* line = entry.find(name)) algorithm.attributes |= number(*line, 1) << bit;
  }
  add_once(profile.algorithms, algorithm, &AlgorithmEntry::id);
}

/// The TPMA_CC of a command that only its name is known of.
std::uint32_t rebuilt(const CommandInfo& info) {
  const bool writes_nv = info.has(Effect::nv) || info.has(Effect::persistent) ||
                         info.has(Effect::hierarchy) || info.has(Effect::clear) ||
                         info.has(Effect::lockout);
  return info.code | static_cast<std::uint32_t>(writes_nv) << kNvBit |
         static_cast<std::uint32_t>(info.handles.size()) << kHandlesShift |
         static_cast<std::uint32_t>(!info.response_handles.empty()) << kResponseHandleBit;
}

void take_command(const GetcapEntry& entry, FirmwareProfile& profile) {
  const auto* value = entry.find("value");
  const auto* info = find_command(entry.head.name);
  std::uint32_t attributes = 0;
  if (value != nullptr) {
    attributes = number(*value, kWordBits);
  } else if (!entry.head.value.empty()) {
    attributes = number(entry.head, kWordBits);
  } else if (info != nullptr) {
    attributes = rebuilt(*info);
  } else {
    fail_line(entry.head.number, fmt::format("unknown command '{}'", entry.head.name));
  }
  add_once(profile.commands, attributes, std::identity());
}

void take_curve(const GetcapEntry& entry, FirmwareProfile& profile) {
  const auto id = static_cast<std::uint16_t>(number(entry.head, kShortBits));
  add_once(profile.curves, id, std::identity());
}

/// A command that tpm2_getcap has only the number of; TPMA_CC is below or on the same line.
bool is_vendor_command(const GetcapEntry& entry) {
  const bool is_number = starts_ignoring_case(entry.head.name, "0x");
  return entry.find("commandIndex") != nullptr || (is_number && !entry.head.value.empty());
}

/// The profile takes an entry by its name, or by what it says if the TPM has a name for nothing.
void take(const GetcapEntry& entry, FirmwareProfile& profile) {
  const auto name = entry.head.name;
  if (has_prefix(name, "PT_") || entry.find("raw") != nullptr) {
    take_property(entry, profile);
  } else if (has_prefix(name, "CC_") || is_vendor_command(entry)) {
    take_command(entry, profile);
  } else if (has_prefix(name, "ECC_")) {
    take_curve(entry, profile);
  } else if (entry.find("asymmetric") != nullptr) {
    take_algorithm(entry, profile);
  }
}

std::string name_of(const FirmwareProfile& profile) {
  const auto manufacturer = profile.property(kPtManufacturer);
  const auto version_1 = profile.property(kPtFirmwareVersion1);
  const auto version_2 = profile.property(kPtFirmwareVersion2);
  if (!manufacturer || !version_1 || !version_2) return "dump";
  return firmware_name(four_characters(*manufacturer), *version_1, *version_2);
}

}  // namespace

FirmwareProfile getcap_profile(std::string_view text) {
  FirmwareProfile profile;
  const auto [entries, has_no_curves] = getcap_text(text);
  for (const GetcapEntry& entry : entries) take(entry, profile);
  if (has_no_curves && !profile.curves) profile.curves.emplace();
  if (!profile.properties_fixed && !profile.algorithms && !profile.curves && !profile.commands) {
    fail_line(1, "this is not output of tpm2_getcap");
  }
  profile.name = name_of(profile);
  return profile;
}

namespace {

constexpr std::string_view kCurves = "ecc-curves";
constexpr std::array<std::string_view, 5> kSections{"properties-fixed", "properties-variable",
                                                    "algorithms", kCurves, "commands"};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  return text;
}

/// "commands" of "===== commands (name: TPMA_CC) =====".
std::string_view section_of(std::string_view heading) {
  heading.remove_prefix(std::min(heading.find_first_not_of("= "), heading.size()));
  return heading.substr(0, heading.find_first_of(" ="));
}

/// Comments, prompts of a shell and elements of lists (handles, PCRs).
bool says_nothing(std::string_view line) {
  return line.empty() || line.starts_with('#') || line.starts_with("$ ") ||
         line.starts_with("- ") || line == "-";
}

bool is_name(std::string_view name) {
  const auto belongs = [](char c) {
    return is_word_character(c) || c == ' ' || c == '-' || c == '.' || c == '/';
  };
  return !name.empty() && std::ranges::all_of(name, belongs);
}

/// A name alone is one of a list of commands only.
bool may_stand_alone(std::string_view name) {
  return starts_ignoring_case(name, "TPM2_CC_") || starts_ignoring_case(name, "TPM_CC_");
}

class Reader {
 public:
  void take(std::size_t number, std::string_view text) {
    if (text.find('\0') != std::string_view::npos) fail_line(number, "is not text");
    const auto line = trimmed(text);
    if (line.starts_with("=====")) return start(section_of(line));
    if (says_nothing(line) || is_skipping_) return;
    add(split(number, line), is_space(text.front()));
  }

  GetcapText result;

 private:
  void start(std::string_view section) {
    result.has_no_curves |= section_ == kCurves && result.entries.size() == entries_before_;
    section_ = section;
    entries_before_ = result.entries.size();
    is_skipping_ = std::ranges::find(kSections, section) == kSections.end();
  }

  static GetcapLine split(std::size_t number, std::string_view line) {
    const auto colon = std::min(line.find(':'), line.size());
    const auto name = trimmed(line.substr(0, colon));
    if (!is_name(name) || (colon == line.size() && !may_stand_alone(name))) {
      fail_line(number, "is not a line of tpm2_getcap");
    }
    return {number, name, trimmed(line.substr(std::min(colon + 1, line.size())))};
  }

  void add(const GetcapLine& line, bool is_member) {
    if (is_member && !result.entries.empty()) {
      result.entries.back().members.push_back(line);
    } else {
      result.entries.push_back({line, {}});
    }
  }

  std::string_view section_;
  std::size_t entries_before_ = 0;
  bool is_skipping_ = false;
};

}  // namespace

void fail_line(std::size_t number, std::string_view reason) {
  throw DocumentError{fmt::format("line {}", number), std::string(reason)};
}

std::uint32_t line_number(std::size_t line, std::string_view word, unsigned bits) {
  auto digits = word;
  const int base = take_prefix(digits, "0x") ? 16 : 10;
  std::uint64_t value = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (error != std::errc() || end != digits.data() + digits.size()) {
    fail_line(line, fmt::format("'{}' is not a number", word));
  }
  if (value >> bits != 0) fail_line(line, fmt::format("is longer than {} bits", bits));
  return static_cast<std::uint32_t>(value);
}

const GetcapLine* GetcapEntry::find(std::string_view name) const {
  const auto found = std::ranges::find(members, name, &GetcapLine::name);
  return found == members.end() ? nullptr : &*found;
}

GetcapText getcap_text(std::string_view text) {
  Reader reader;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    reader.take(number, text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return std::move(reader.result);
}

}  // namespace tpmprobe::knowledge::reading
