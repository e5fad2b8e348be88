// SPDX-License-Identifier: BSD-2-Clause
#include "text/clean_text.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include <fmt/format.h>

#include "text/utf8.h"

namespace tpmprobe::text {
namespace {

struct Likeness {
  char32_t value;
  std::string_view ascii;
};

constexpr auto kLikenesses = std::to_array<Likeness>({
    {0x00A0, " "},
    {0x00B5, "u"},
    {0x00B7, "-"},
    {0x00D7, "x"},
    {0x2013, "-"},
    {0x2014, "-"},
    {0x2018, "'"},
    {0x2019, "'"},
    {0x201C, "\""},
    {0x201D, "\""},
    {0x2026, "..."},
    {0x2192, "->"},
    {0x2264, "<="},
    {0x2265, ">="},
});

/// What is not shown as itself and could change how its surroundings are shown.
bool is_dangerous(char32_t value) {
  const bool control = value < 0x20 || (value >= 0x7F && value <= 0x9F);
  const bool invisible = (value >= 0x200B && value <= 0x200F) || value == 0xFEFF;
  const bool direction =
      (value >= 0x2028 && value <= 0x202E) || (value >= 0x2060 && value <= 0x2069);
  return control || invisible || direction;
}

std::string spelt_out(char32_t value) {
  const auto number = static_cast<std::uint32_t>(value);
  return number < 0x100 ? fmt::format("\\x{:02x}", number) : fmt::format("\\u{:04x}", number);
}

std::string_view ascii_likeness(char32_t value) {
  const auto* found = std::ranges::find(kLikenesses, value, &Likeness::value);
  return found == kLikenesses.end() ? "?" : found->ascii;
}

}  // namespace

std::string clean(std::string_view text, bool unicode) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const CodePoint next = first_code_point(text);
    if (!next.valid) {
      shown += fmt::format("\\x{:02x}", static_cast<std::uint8_t>(text.front()));
    } else if (is_dangerous(next.value)) {
      shown += spelt_out(next.value);
    } else if (next.value < 0x80 || unicode) {
      shown += text.substr(0, next.size);
    } else {
      shown += ascii_likeness(next.value);
    }
    text.remove_prefix(next.size);
  }
  return shown;
}

std::string sentence(std::string clause) {
  if (!clause.empty() && clause.front() >= 'a' && clause.front() <= 'z') {
    clause.front() = static_cast<char>(clause.front() - 'a' + 'A');
  }
  if (!clause.empty() && clause.back() != '.') clause += '.';
  return clause;
}

}  // namespace tpmprobe::text
