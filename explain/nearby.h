// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "knowledge/context.h"

namespace tpmprobe::explain {

/// So many lines before and after a finding can belong to its story.
inline constexpr std::size_t kNearLines = 20;

/// Remembers the last lines of a log, and which findings are so near to the next ones that these
/// still say something about them. Lines far from any finding are copied and never looked at.
class Neighbourhood {
 public:
  /// A finding whose story is still open.
  struct Open {
    std::size_t entry;      ///< whatever number the owner gives it
    std::size_t last_line;  ///< the last in which it was found
  };

  /// Takes the next line, which becomes number `line_number()`.
  void push(std::string_view line);

  /// What `push` took so far.
  [[nodiscard]] std::size_t line_number() const { return lines_; }

  /// Opens the story of an entry, or keeps it open from this line on.
  void open(std::size_t entry);

  /// The entries that the current line is near to.
  [[nodiscard]] const std::vector<Open>& open_entries();

  /// The context words of the current line and of those before it that are near.
  [[nodiscard]] knowledge::ContextWords words_before();

  /// The context words of the current line.
  [[nodiscard]] const knowledge::ContextWords& words_here();

 private:
  struct Line {
    std::string text;
    knowledge::ContextWords words;
    bool is_read = true;
  };
  const knowledge::ContextWords& words_of(Line& line);

  std::size_t lines_ = 0;
  std::array<Line, kNearLines> last_;
  std::vector<Open> open_;
};

}  // namespace tpmprobe::explain
