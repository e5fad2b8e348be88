// SPDX-License-Identifier: BSD-2-Clause
#include "knowledge/capabilities.h"

#include <algorithm>

#include "knowledge/handles.h"
#include "knowledge/text.h"

namespace tpmprobe::knowledge {
namespace {

std::uint32_t mask(const BitName& row) {
  return 1U << row.bit;
}

void append_word(std::string& words, std::string_view word) {
  words += words.empty() ? "" : " ";
  words += word;
}

}  // namespace

const BitField* find_bit_field(std::string_view name) {
  const auto all = bit_fields();
  const auto found = std::ranges::find(all, name, &BitField::name);
  return found == all.end() ? nullptr : &*found;
}

std::optional<std::uint32_t> bit_mask(std::string_view field, std::string_view bit) {
  const auto* info = find_bit_field(field);
  if (info == nullptr) {
    return std::nullopt;
  }
  const auto found = std::ranges::find(info->bits, bit, &BitName::name);
  return found == info->bits.end() ? std::nullopt : std::optional(mask(*found));
}

std::string bit_words(std::string_view field, std::uint32_t value) {
  const auto* info = find_bit_field(field);
  std::string words;
  for (const auto& row : info == nullptr ? std::span<const BitName>{} : info->bits) {
    if ((value & mask(row)) != 0) {
      append_word(words, row.name);
      value &= ~mask(row);
    }
  }
  if (value != 0) {
    append_word(words, hex(value, 8));
  }
  return words;
}

namespace {

std::optional<std::uint32_t> find_property(const std::optional<std::vector<Property>>& properties,
                                           std::uint32_t tag) {
  if (!properties) {
    return std::nullopt;
  }
  const auto found = std::ranges::find(*properties, tag, &Property::tag);
  return found == properties->end() ? std::nullopt : std::optional(found->value);
}

}  // namespace

bool Capabilities::has_algorithm(std::uint16_t id) const {
  return algorithms && std::ranges::find(*algorithms, id, &AlgorithmEntry::id) != algorithms->end();
}

bool Capabilities::has_curve(std::uint16_t id) const {
  return curves && std::ranges::find(*curves, id) != curves->end();
}

bool Capabilities::has_command(std::uint32_t code) const {
  const auto same = [code](std::uint32_t attributes) {
    return ((attributes ^ code) & kCommandOfAttributes) == 0;
  };
  return commands && std::ranges::any_of(*commands, same);
}

bool Capabilities::has_pcr_bank(std::uint16_t hash) const {
  const auto holds = [hash](const PcrBank& bank) {
    return bank.hash == hash &&
           std::ranges::any_of(bank.select, [](auto octet) { return octet != 0; });
  };
  return pcr_banks && std::ranges::any_of(*pcr_banks, holds);
}

std::optional<std::uint32_t> Capabilities::property(std::uint32_t tag) const {
  const auto fixed = find_property(properties_fixed, tag);
  return fixed ? fixed : find_property(properties_variable, tag);
}

}  // namespace tpmprobe::knowledge
