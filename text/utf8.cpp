// SPDX-License-Identifier: BSD-2-Clause
#include "text/utf8.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

namespace tpmprobe::text {
namespace {

struct Range {
  char32_t first, last;
};

// Unicode 15, general categories Mn, Me and Cf as far as they occur in names of hardware and in
// words of people.
constexpr auto kZeroWidth = std::to_array<Range>({
    {0x0000, 0x001F},
    {0x007F, 0x009F},
    {0x0300, 0x036F},
    {0x0483, 0x0489},
    {0x0591, 0x05BD},
    {0x0610, 0x061A},
    {0x064B, 0x065F},
    {0x1AB0, 0x1AFF},
    {0x1DC0, 0x1DFF},
    {0x200B, 0x200F},
    {0x2028, 0x202E},
    {0x2060, 0x2069},
    {0x20D0, 0x20FF},
    {0xFE00, 0xFE0F},
    {0xFE20, 0xFE2F},
    {0xFEFF, 0xFEFF},
});

// UAX 11, East Asian Width W and F.
constexpr auto kWide = std::to_array<Range>({
    {0x1100, 0x115F},
    {0x2E80, 0x303E},
    {0x3041, 0xA4CF},
    {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},
    {0xFE30, 0xFE6F},
    {0xFF00, 0xFF60},
    {0xFFE0, 0xFFE6},
    {0x1F300, 0x1F64F},
    {0x1F900, 0x1F9FF},
    {0x20000, 0x3FFFD},
});

template <std::size_t N>
bool contains(const std::array<Range, N>& ranges, char32_t value) {
  const auto after = std::ranges::upper_bound(ranges, value, {}, &Range::first);
  return after != ranges.begin() && value <= std::prev(after)->last;
}

std::uint8_t octet(std::string_view text, std::size_t at) {
  return static_cast<std::uint8_t>(text[at]);
}

struct Lead {
  std::size_t size;
  char32_t bits;
  char32_t least;  ///< smallest value that needs this many octets
};

Lead lead_of(std::uint8_t first) {
  if (first < 0x80) return {1, first, 0};
  if ((first & 0xE0U) == 0xC0) return {2, first & 0x1FU, 0x80};
  if ((first & 0xF0U) == 0xE0) return {3, first & 0x0FU, 0x800};
  if ((first & 0xF8U) == 0xF0) return {4, first & 0x07U, 0x10000};
  return {0, 0, 0};
}

constexpr CodePoint kInvalid{0xFFFD, 1, false};

std::size_t osc_size(std::string_view text) {
  for (std::size_t at = 2; at < text.size(); ++at) {
    if (text[at] == '\a') return at + 1;
    if (text[at] == '\x1B') return std::min(at + 2, text.size());
  }
  return text.size();
}

std::size_t csi_size(std::string_view text) {
  for (std::size_t at = 2; at < text.size(); ++at) {
    if (text[at] >= '@' && text[at] <= '~') return at + 1;
  }
  return text.size();
}

}  // namespace

CodePoint first_code_point(std::string_view text) {
  const Lead lead = lead_of(octet(text, 0));
  if (lead.size == 0 || text.size() < lead.size) return kInvalid;
  char32_t value = lead.bits;
  for (std::size_t at = 1; at < lead.size; ++at) {
    if ((octet(text, at) & 0xC0U) != 0x80) return kInvalid;
    value = (value << 6U) | (octet(text, at) & 0x3FU);
  }
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < lead.least || value > 0x10FFFF || surrogate) return kInvalid;
  return {value, lead.size, true};
}

std::size_t escape_sequence_size(std::string_view text) {
  if (text.size() < 2 || text[0] != '\x1B') return 0;
  if (text[1] == '[') return csi_size(text);
  return text[1] == ']' ? osc_size(text) : 0;
}

int columns_of(char32_t value) {
  if (contains(kZeroWidth, value)) return 0;
  return contains(kWide, value) ? 2 : 1;
}

int display_width(std::string_view text) {
  int width = 0;
  while (!text.empty()) {
    if (const auto skipped = escape_sequence_size(text); skipped > 0) {
      text.remove_prefix(skipped);
      continue;
    }
    const CodePoint next = first_code_point(text);
    width += columns_of(next.value);
    text.remove_prefix(next.size);
  }
  return width;
}

}  // namespace tpmprobe::text
