// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "knowledge/messages.h"

namespace tpmprobe::explain {

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

}  // namespace tpmprobe::explain
