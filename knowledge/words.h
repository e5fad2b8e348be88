// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>

namespace tpmprobe::knowledge {

/// A value of a closed list and its word in files. The list stands beside its enumeration, as a
/// function `words(Enum)` that argument-dependent lookup finds.
template <typename Enum>
struct Word {
  Enum value;
  std::string_view word;
};

/// The word of a value.
template <typename Enum>
constexpr std::string_view word_of(Enum value) {
  const std::span<const Word<Enum>> rows = words(value);
  const auto row = std::ranges::find(rows, value, &Word<Enum>::value);
  return row == rows.end() ? std::string_view() : row->word;
}

/// The value of a word, nullopt for a word that is not in the list.
template <typename Enum>
constexpr std::optional<Enum> from_word(std::string_view word) {
  const std::span<const Word<Enum>> rows = words(Enum{});
  const auto row = std::ranges::find(rows, word, &Word<Enum>::word);
  return row == rows.end() ? std::nullopt : std::optional(row->value);
}

}  // namespace tpmprobe::knowledge
