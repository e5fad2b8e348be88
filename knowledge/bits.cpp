// SPDX-License-Identifier: BSD-2-Clause
#include "knowledge/bits.h"

#include <algorithm>

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

}  // namespace tpmprobe::knowledge
