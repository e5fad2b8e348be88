// SPDX-License-Identifier: BSD-2-Clause
#include <charconv>

#include <fmt/format.h>

#include "knowledge/quirk/read_quirk.h"
#include "knowledge/text.h"

namespace tpmprobe::knowledge::reading {
namespace {

constexpr unsigned kShortBits = 16, kWordBits = 32, kLongBits = 64;
// No response is longer (Part 2, TPM_PT_MAX_RESPONSE_SIZE of every TPM), and no list has more.
constexpr unsigned kSizeBits = 16;

constexpr std::array<std::pair<std::string_view, CapabilityList>, 6> kLists{{
    {"algorithms", CapabilityList::algorithms},
    {"handles", CapabilityList::handles},
    {"commands", CapabilityList::commands},
    {"pcr_banks", CapabilityList::pcr_banks},
    {"properties", CapabilityList::properties},
    {"curves", CapabilityList::curves},
}};

constexpr std::array<std::pair<std::string_view, Change>, 7> kChanges{{
    {"set", Change::set},
    {"add", Change::add},
    {"flipBit", Change::flip_bit},
    {"fill", Change::fill},
    {"resize", Change::resize},
    {"padLeft", Change::pad_left},
    {"stripLeadingZeros", Change::strip_leading_zeros},
}};

constexpr std::array<std::pair<std::string_view, NonceShape>, 2> kNonces{{
    {"lowBitsFixed", NonceShape::low_bits_fixed},
    {"shortNumber", NonceShape::short_number},
}};

constexpr std::array<std::pair<std::string_view, SaltShape>, 3> kSalts{{
    {"maximum", SaltShape::maximum},
    {"empty", SaltShape::empty},
    {"constant", SaltShape::constant},
}};

constexpr std::array<std::pair<std::string_view, KeyShape>, 5> kKeys{{
    {"sound", KeyShape::sound},
    {"roca", KeyShape::roca},
    {"exponent3", KeyShape::exponent_3},
    {"sharedPrime", KeyShape::shared_prime},
    {"shortModulus", KeyShape::short_modulus},
}};

std::uint32_t word(const JsonValue& json) {
  return static_cast<std::uint32_t>(json.number(kWordBits));
}

bool flag(const JsonValue& json, std::string_view name) {
  return json.has(name) && json.at(name).boolean();
}

std::vector<std::uint8_t> octets(const JsonValue& json) {
  const std::string digits = line(json);
  const bool is_hex = std::ranges::all_of(digits, is_hex_digit);
  if (!is_hex || digits.size() % 2 != 0) json.fail("must be pairs of hexadecimal digits");
  std::vector<std::uint8_t> all(digits.size() / 2);
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::from_chars(&digits[2 * i], &digits[2 * i] + 2, all[i], 16);
  }
  return all;
}

QuirkEffect answer(const JsonValue& json) {
  json.require_members({"rc"}, {"atParameter"});
  return AnswerCode{word(json.at("rc")), flag(json, "atParameter")};
}

QuirkEffect hide_capability(const JsonValue& json) {
  json.require_members({"list", "entries"});
  const auto list = one_of(json.at("list"), kLists);
  // A person writes commands by their names.
  const bool by_name = list == CapabilityList::commands;
  return HideCapability{list, by_name ? commands(json.at("entries")) : words(json.at("entries"))};
}

QuirkEffect add_capability(const JsonValue& json) {
  json.require_members({"list", "entries"});
  AddCapability effect{one_of(json.at("list"), kLists), {}};
  if (effect.list == CapabilityList::pcr_banks) json.at("list").fail("PCR banks cannot be added");
  for (const JsonValue& entry : json.at("entries").elements()) {
    entry.require_members({"key"}, {"value"});
    effect.entries.push_back(
        {word(entry.at("key")), entry.has("value") ? word(entry.at("value")) : 0});
  }
  return effect;
}

QuirkEffect set_property(const JsonValue& json) {
  json.require_members({"property", "value"});
  return SetProperty{word(json.at("property")), word(json.at("value"))};
}

QuirkEffect repeat_answer(const JsonValue& json) {
  json.require_members({}, {"moreData"});
  return RepeatAnswer{flag(json, "moreData")};
}

QuirkEffect never_answer(const JsonValue& json) {
  json.require_members({});
  return NeverAnswer{};
}

QuirkEffect delay(const JsonValue& json) {
  json.require_members({"ms"});
  return Delay{std::chrono::milliseconds(word(json.at("ms")))};
}

QuirkEffect close_connection(const JsonValue& json) {
  json.require_members({});
  return CloseConnection{};
}

QuirkEffect truncate(const JsonValue& json) {
  json.require_members({"octets"}, {"fixSize"});
  return Truncate{json.at("octets").number(kSizeBits), flag(json, "fixSize")};
}

QuirkEffect append(const JsonValue& json) {
  json.require_members({"hex"}, {"fixSize"});
  return Append{octets(json.at("hex")), flag(json, "fixSize")};
}

QuirkEffect set_tag(const JsonValue& json) {
  json.require_members({"tag"});
  return SetTag{static_cast<std::uint16_t>(json.at("tag").number(kShortBits))};
}

QuirkEffect set_size(const JsonValue& json) {
  json.require_members({"size"});
  return SetSize{word(json.at("size"))};
}

QuirkEffect echo(const JsonValue& json) {
  json.require_members({});
  return Echo{};
}

/// `path`, `change` and `value` of what changes one field.
template <typename Effect>
QuirkEffect change_field(const JsonValue& json) {
  json.require_members({"path", "change"}, {"value"});
  Effect effect{line(json.at("path")), one_of(json.at("change"), kChanges)};
  const bool is_complete = effect.change == Change::strip_leading_zeros || json.has("value");
  if (!is_complete) json.fail("'value' is missing");
  if (json.has("value")) effect.value = json.at("value").number(kLongBits);
  return effect;
}

QuirkEffect until_leading_zero(const JsonValue& json) {
  json.require_members({"paths", "tries"});
  return UntilLeadingZero{json.at("paths").texts(),
                          static_cast<unsigned>(json.at("tries").number(kShortBits))};
}

QuirkEffect weak_random(const JsonValue& json) {
  json.require_members({"seedBits"});
  return WeakRandom{static_cast<unsigned>(json.at("seedBits").number(kShortBits))};
}

QuirkEffect re_sign_ecc(const JsonValue& json) {
  json.require_members({"nonce", "bits"});
  return ReSignEcc{one_of(json.at("nonce"), kNonces),
                   static_cast<unsigned>(json.at("bits").number(kShortBits))};
}

QuirkEffect re_sign_pss(const JsonValue& json) {
  json.require_members({"salt"});
  return ReSignPss{one_of(json.at("salt"), kSalts)};
}

QuirkEffect substitute_key(const JsonValue& json) {
  json.require_members({"type", "shape"});
  return SubstituteKey{static_cast<std::uint16_t>(json.at("type").number(kShortBits)),
                       one_of(json.at("shape"), kKeys)};
}

using Reader = QuirkEffect (*)(const JsonValue& json);

constexpr std::array<std::pair<std::string_view, Reader>, 20> kReaders{{
    {"answer", answer},
    {"hideCapability", hide_capability},
    {"addCapability", add_capability},
    {"setProperty", set_property},
    {"repeatAnswer", repeat_answer},
    {"neverAnswer", never_answer},
    {"delay", delay},
    {"closeConnection", close_connection},
    {"truncate", truncate},
    {"append", append},
    {"setTag", set_tag},
    {"setSize", set_size},
    {"echo", echo},
    {"changeResponse", change_field<ChangeResponse>},
    {"changeCommand", change_field<ChangeCommand>},
    {"untilLeadingZero", until_leading_zero},
    {"weakRandom", weak_random},
    {"reSignEcc", re_sign_ecc},
    {"reSignPss", re_sign_pss},
    {"substituteKey", substitute_key},
}};

}  // namespace

QuirkEffect effect(const JsonValue& json) {
  const auto names = json.names();
  if (names.size() != 1) json.fail("must have exactly one member, named after the effect");
  for (const auto& [name, read] : kReaders) {
    if (name == names.front()) return read(json.at(name));
  }
  json.fail(fmt::format("unknown effect '{}'", names.front()));
}

}  // namespace tpmprobe::knowledge::reading
