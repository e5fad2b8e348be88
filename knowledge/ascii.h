// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "knowledge/text.h"

namespace tpmprobe::knowledge {

// Characters of ASCII, whatever the locale is.
constexpr char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}
constexpr bool is_capital(char c) {
  return c >= 'A' && c <= 'Z';
}
constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_letter(char c) {
  return to_lower(c) >= 'a' && to_lower(c) <= 'z';
}
constexpr bool is_hex_digit(char c) {
  return is_digit(c) || (is_letter(c) && to_lower(c) <= 'f');
}
constexpr bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
/// What identifiers are made of.
constexpr bool is_word_character(char c) {
  return is_letter(c) || is_digit(c) || c == '_';
}

/// Whether `text` starts with `prefix`, ignoring case.
inline bool starts_ignoring_case(std::string_view text, std::string_view prefix) {
  return take_prefix(text, prefix);
}

/// `text` in small letters.
inline std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), to_lower);
  return result;
}

}  // namespace tpmprobe::knowledge
