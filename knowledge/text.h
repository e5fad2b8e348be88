// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace tpmprobe::knowledge {

/// "0x" and at least `digits` hexadecimal digits: hex(0x1d5, 3) is "0x1d5".
std::string hex(std::uint64_t value, int digits);

/// A letter from A to Z in lower case, every other character as it is, whatever the locale.
char ascii_lower(char letter);

/// Whether both are the same but for the case of ASCII letters, which no locale changes.
bool same_word(std::string_view one, std::string_view other);

/// Takes `prefix` away from the start of `text`, ignoring case; false if it does not start so.
bool take_prefix(std::string_view& text, std::string_view prefix);

/// The four characters of a UINT32 such as TPM_PT_MANUFACTURER, without NULs and blanks at the end;
/// what is not printable ASCII becomes '.', as vendors put binary numbers there.
std::string four_characters(std::uint32_t value);

/// Whether a result id is meant by a glob: "*" stands for any characters, "?" for one.
bool matches_glob(std::string_view glob, std::string_view id);

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
