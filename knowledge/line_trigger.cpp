// SPDX-License-Identifier: BSD-2-Clause
#include "knowledge/line_trigger.h"

#include <algorithm>
#include <cstring>

#include "knowledge/codes_text.h"

namespace tpmprobe::knowledge {
namespace {

/// Makes letters small, and leaves what can stand in a trigger apart enough for a first look.
constexpr std::uint32_t kSmall = 0x20202020U;
constexpr std::uint32_t kSpread = 0x9E3779B1U;

std::uint32_t load(const char* text) {
  std::uint32_t value = 0;
  std::memcpy(&value, text, sizeof value);
  return value | kSmall;
}

/// Without one of these no code stands in a line.
constexpr std::string_view kCodeSigns =
    "tpmtssesyeysfaptctrmtdrv"
    "0x00x10x20x30x40x50x60x70x80x90xa0xb0xc0xd0xe0xf";

/// The three octets of these signs, and a first look that answers for nearly all others.
class CodeSigns {
 public:
  CodeSigns() {
    for (std::size_t i = 0; i < kCodeSigns.size(); i += 3) {
      std::array<char, 4> text{kCodeSigns[i], kCodeSigns[i + 1], kCodeSigns[i + 2], ' '};
      signs_.at(i / 3) = load(text.data()) & kThree;
      used_.set(slot_of(signs_.at(i / 3)));
    }
  }

  /// Whether the first three of four octets are a sign.
  [[nodiscard]] bool has(std::uint32_t four) const {
    const std::uint32_t three = four & kThree;
    return used_[slot_of(three)] && std::ranges::find(signs_, three) != signs_.end();
  }

 private:
  static constexpr std::uint32_t kThree = 0x00FFFFFFU;
  static std::uint32_t slot_of(std::uint32_t three) { return (three * kSpread) >> 19U; }

  std::array<std::uint32_t, kCodeSigns.size() / 3> signs_{};
  std::bitset<1U << 13U> used_;
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
  if (line.size() < 4) return true;
  for (std::size_t i = 0; i + 4 <= line.size(); ++i) {
    if (kSigns.has(load(line.data() + i))) return true;
  }
  return kSigns.has(load(line.data() + line.size() - 4) >> 8U);
}

MessageTriggers::MessageTriggers() {
  for (const MessageInfo& message : messages()) {
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

}  // namespace tpmprobe::knowledge
