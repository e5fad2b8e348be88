// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <array>
#include <functional>

#include <fmt/format.h>

#include "knowledge/algorithms.h"
#include "knowledge/ascii.h"
#include "knowledge/command_table.h"
#include "knowledge/firmware_profile/reading.h"
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
    fail_line(line.number, fmt::format("'{}' is no revision", line.value));
  }
  const auto part = [&](std::string_view digits) {
    if (!std::ranges::all_of(digits, is_digit)) {
      fail_line(line.number, fmt::format("'{}' is no revision", line.value));
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
  if (value == nullptr && info == nullptr) fail_line(entry.head.number, "is no algorithm");
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
    fail_line(entry.head.number, fmt::format("there is no command '{}'", entry.head.name));
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
    fail_line(1, "nothing here is what tpm2_getcap prints");
  }
  profile.name = name_of(profile);
  return profile;
}

}  // namespace tpmprobe::knowledge::reading
