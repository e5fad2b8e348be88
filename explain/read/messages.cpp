// SPDX-License-Identifier: BSD-2-Clause
#include "explain/read/messages.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "explain/read/decoder_texts.h"
#include "knowledge/messages.h"
#include "knowledge/text.h"

namespace tpmprobe::explain {
namespace {

/// One wording of a message.
struct MessagePattern {
  std::string_view text;
  const knowledge::MessageInfo* message = nullptr;
};

/// Finds which messages a line can have by six characters of each, its rarest: one pass over the
/// line, however many messages there are.
class MessageTriggers {
 public:
  /// The one for messages().
  static const MessageTriggers& all();

  /// Whether any of the six characters stand in the line, whatever their case.
  [[nodiscard]] bool may_match(std::string_view line) const;

  /// Calls `take` with every pattern whose six characters stand in the line, maybe repeatedly.
  template <typename Take>
  void each_candidate(std::string_view line, const Take& take) const {
    for (std::size_t i = 0; i + kGram <= line.size(); ++i) {
      const std::uint64_t gram = gram_at(line.data() + i);
      if (!used_[slot_of(gram)]) continue;
      for (const Entry& entry : entries_of(gram)) take(entry.pattern);
    }
  }

 private:
  static constexpr std::size_t kGram = 6, kSlots = 1U << 16U;
  struct Entry {
    std::uint64_t gram = 0;
    MessagePattern pattern;
  };

  MessageTriggers();
  /// Six octets with their letters made small, and what else 0x20 does; enough for a first look.
  static std::uint64_t gram_at(const char* text) {
    // In two reads: six octets copied into eight make the processor wait for its own writes.
    std::uint32_t four = 0;
    std::uint16_t two = 0;
    std::memcpy(&four, text, sizeof four);
    std::memcpy(&two, text + sizeof four, sizeof two);
    return four | static_cast<std::uint64_t>(two) << 32U | 0x202020202020U;
  }
  static std::uint32_t slot_of(std::uint64_t gram) {
    return static_cast<std::uint32_t>((gram * 0x9E3779B97F4A7C15U) >> 48U);
  }
  [[nodiscard]] std::span<const Entry> entries_of(std::uint64_t gram) const;

  std::bitset<kSlots> used_;    ///< a first look, which answers nearly all
  std::vector<Entry> entries_;  ///< by gram
};

/// Makes letters small, and leaves what can stand in a trigger apart enough for a first look.
constexpr std::uint16_t kSmall = 0x2020U;

/// Without one of these no code stands in a line.
constexpr std::string_view kCodeSigns =
    "tpmtssesyeysfaptctrmtdrv"
    "0x00x10x20x30x40x50x60x70x80x90xa0xb0xc0xd0xe0xf";

/// The signs, found by two of their octets in every second place: of a sign that stands anywhere
/// either the first two or the last two lie there.
class CodeSigns {
 public:
  CodeSigns() {
    for (std::size_t i = 0; i < kCodeSigns.size(); i += kSign) {
      const std::string_view sign = kCodeSigns.substr(i, kSign);
      signs_.at(i / kSign) = three(sign.data());
      pairs_.set(pair(sign.data()));
      pairs_.set(pair(sign.data() + 1));
    }
  }

  [[nodiscard]] bool are_in(std::string_view line) const {
    const char* begin = line.data();
    const char* end = begin + line.size();
    for (const char* at = begin; at + 1 < end; at += 2) {
      if (!pairs_[pair(at)]) continue;
      if (at + kSign <= end && is_sign(three(at))) return true;
      if (at > begin && is_sign(three(at - 1))) return true;
    }
    // The last two octets of a line of odd length.
    return line.size() >= kSign && is_sign(three(end - kSign));
  }

 private:
  static constexpr std::size_t kSign = 3;
  static std::uint32_t pair(const char* text) {
    std::uint16_t two = 0;
    std::memcpy(&two, text, sizeof two);
    return two | kSmall;
  }
  static std::uint32_t three(const char* text) {
    return pair(text) << 8U | (static_cast<unsigned char>(text[2]) | 0x20U);
  }
  [[nodiscard]] bool is_sign(std::uint32_t octets) const {
    return std::ranges::find(signs_, octets) != signs_.end();
  }

  std::array<std::uint32_t, kCodeSigns.size() / kSign> signs_{};
  std::bitset<1U << 16U> pairs_;
};

/// How common a character is in logs, so that the rarest of a text are looked for. A blank counts
/// as rare: the end of one word with the start of another is.
int frequency(char c) {
  constexpr std::string_view kByFrequency = "etaoinsrdlu:0123456789-./pcbhmfgywvkx_j qz";
  const std::size_t at = kByFrequency.find(c);
  return at == std::string_view::npos ? 0 : static_cast<int>(kByFrequency.size() - at);
}

/// Nothing is rarer in a log than the name of the thing itself.
int frequency_of(std::string_view text) {
  if (text.find("tpm") != std::string_view::npos) return 0;
  constexpr int kWholeWord = 1000;
  int sum = std::ranges::count(text, ' ') > 1 ? kWholeWord : 0;
  for (const char c : text) sum += frequency(c);
  return sum;
}

std::string_view rarest_of(std::string_view text, std::size_t size) {
  std::string_view rarest;
  for (std::size_t i = 0; i + size <= text.size(); ++i) {
    const std::string_view part = text.substr(i, size);
    if (part.find('*') != std::string_view::npos) continue;
    if (rarest.empty() || frequency_of(part) < frequency_of(rarest)) rarest = part;
  }
  return rarest;
}

MessageTriggers::MessageTriggers() {
  for (const knowledge::MessageInfo& message : knowledge::messages()) {
    for (const std::string_view text : message.texts) {
      const std::uint64_t gram = gram_at(rarest_of(text, kGram).data());
      used_.set(slot_of(gram));
      entries_.push_back({gram, {text, &message}});
    }
  }
  std::ranges::stable_sort(entries_, {}, &Entry::gram);
}

std::span<const MessageTriggers::Entry> MessageTriggers::entries_of(std::uint64_t gram) const {
  const auto found = std::ranges::equal_range(entries_, gram, {}, &Entry::gram);
  return {found.begin(), found.end()};
}

const MessageTriggers& MessageTriggers::all() {
  static const MessageTriggers kTriggers;
  return kTriggers;
}

bool MessageTriggers::may_match(std::string_view line) const {
  for (std::size_t i = 0; i + kGram <= line.size(); ++i) {
    const std::uint64_t gram = gram_at(line.data() + i);
    if (used_[slot_of(gram)] && !entries_of(gram).empty()) return true;
  }
  return false;
}

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

bool may_hold_code(std::string_view line) {
  static const CodeSigns kSigns;
  return line.size() < 4 || kSigns.are_in(line);
}

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

namespace {

bool is_letter_or_digit(char c) {
  return knowledge::is_letter(c) || knowledge::is_digit(c);
}

/// A word that ends in '_' or a blank is the start of one, and so on: only what the word itself has
/// at its ends is asked of the text around it.
bool stands_alone(std::string_view line, std::size_t at, std::string_view word) {
  const std::size_t end = at + word.size();
  const bool open =
      at == 0 || !is_letter_or_digit(word.front()) || !is_letter_or_digit(line[at - 1]);
  const bool closed =
      end == line.size() || !is_letter_or_digit(word.back()) || !is_letter_or_digit(line[end]);
  return open && closed;
}

bool has_word(std::string_view line, std::string_view word) {
  for (std::size_t at = line.find(word); at != std::string_view::npos;
       at = line.find(word, at + 1)) {
    if (stands_alone(line, at, word)) return true;
  }
  return false;
}

}  // namespace

knowledge::ContextWords find_context(std::string_view line) {
  const std::string lowered = knowledge::lower(line);
  knowledge::ContextWords found;
  const auto words = knowledge::context_words();
  for (std::size_t i = 0; i < words.size(); ++i) found[i] = has_word(lowered, words[i]);
  return found;
}

std::size_t after_tpm_error() {
  static const auto number = static_cast<std::size_t>(
      std::ranges::find(knowledge::context_words(), "<after an error of the tpm>") -
      knowledge::context_words().begin());
  return number;
}

}  // namespace tpmprobe::explain
