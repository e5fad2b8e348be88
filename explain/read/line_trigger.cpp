// SPDX-License-Identifier: BSD-2-Clause
#include "explain/read/line_trigger.h"

#include <algorithm>
#include <cstring>

#include "explain/read/codes_text.h"

namespace tpmprobe::explain {
namespace {

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

}  // namespace

bool may_hold_code(std::string_view line) {
  static const CodeSigns kSigns;
  return line.size() < 4 || kSigns.are_in(line);
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

}  // namespace tpmprobe::explain
