// SPDX-License-Identifier: BSD-2-Clause
#include "explain/read/find_message.h"

#include <string>

#include "explain/read/line_trigger.h"
#include "knowledge/ascii.h"

namespace tpmprobe::explain {
namespace {

bool is_inside_word(char c) {
  return knowledge::is_letter(c) || knowledge::is_digit(c) || c == '_';
}

/// "failed: 5" is not in "failed: 50", nor "0x1" in "0x1d".
bool splits_number(std::string_view text, std::size_t end) {
  return end > 0 && end < text.size() && knowledge::is_digit(text[end - 1]) &&
         knowledge::is_hex_digit(text[end]);
}

/// Where the piece stands, and no number goes on behind it.
std::size_t find_piece(std::string_view text, std::string_view piece, std::size_t from) {
  std::size_t at = text.find(piece, from);
  while (at != std::string_view::npos && splits_number(text, at + piece.size())) {
    at = text.find(piece, at + 1);
  }
  return at;
}

/// Whether the pieces between the '*' of a pattern follow each other, the first starting at a word.
bool contains_pattern(std::string_view text, std::string_view pattern) {
  std::size_t from = 0;
  for (bool first = true;; first = false) {
    const std::size_t star = pattern.find('*');
    const std::string_view piece = pattern.substr(0, star);
    std::size_t at = find_piece(text, piece, from);
    const bool at_word = first && is_inside_word(pattern.front());
    while (at_word && at != std::string_view::npos && at > 0 && is_inside_word(text[at - 1])) {
      at = find_piece(text, piece, at + 1);
    }
    if (at == std::string_view::npos) return false;
    if (star == std::string_view::npos) return true;
    from = at + piece.size();
    pattern.remove_prefix(star + 1);
  }
}

}  // namespace

const knowledge::MessageInfo* find_message(std::string_view line) {
  const std::string lowered = knowledge::lower(line);
  const knowledge::MessageInfo* best = nullptr;
  std::size_t size = 0;
  MessageTriggers::all().each_candidate(lowered, [&](const MessagePattern& pattern) {
    const bool longer = pattern.text.size() > size;
    if (longer && contains_pattern(lowered, pattern.text)) {
      best = pattern.message;
      size = pattern.text.size();
    }
  });
  return best;
}

bool may_hold_message(std::string_view line) {
  return MessageTriggers::all().may_match(line);
}

}  // namespace tpmprobe::explain
