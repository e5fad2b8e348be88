// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "text/style.h"
#include "text/table.h"

namespace tpmprobe::text {

// SGR parameters. Blue and orange stay apart for every kind of colour vision, and no meaning is in
// the colour alone.
inline constexpr std::string_view kGood = "38;5;33";
inline constexpr std::string_view kBad = "1;38;5;208";
inline constexpr std::string_view kFaint = "2";
inline constexpr std::string_view kStrong = "1";

/// A meaning as a symbol, the word beside it, and a colour.
struct Mark {
  std::string_view symbol;  ///< UTF-8, one column
  std::string_view ascii;   ///< one letter
  std::string_view word;
  std::string_view colour;
};

/// Label and text of one line of a record.
using Labelled = std::pair<std::string, std::string>;

/// Where a text report is written: a stream with a style.
class Page {
 public:
  Page(std::ostream& out, const TextStyle& style) : out_(out), style_(style) {}

  /// An empty line and a title at the margin.
  void heading(std::string_view title);

  /// Wrapped text, every line indented.
  void paragraph(std::string_view text, int indent, std::string_view colour = {});

  /// Wrapped text after a symbol at `indent`, its later lines below its first word.
  void item(const Mark& mark, std::string_view text, int indent, std::string_view colour = {});

  /// Labels in one column and wrapped texts in the next; lines without text are left out.
  void record(const std::vector<Labelled>& lines, int indent);

  void table(const Table& table);

  [[nodiscard]] std::string_view symbol(const Mark& mark) const {
    return style_.unicode ? mark.symbol : mark.ascii;
  }

  /// Symbol and word as a cell: "✔ pass".
  [[nodiscard]] Cell cell(const Mark& mark) const;

  /// Between the parts of a line: " · ", or ", ".
  [[nodiscard]] std::string_view separator() const { return style_.unicode ? " · " : ", "; }

  [[nodiscard]] const TextStyle& style() const { return style_; }

 private:
  void line(std::string_view text);

  std::ostream& out_;
  TextStyle style_;
};

/// The words with `separator` between them.
std::string joined(const std::vector<std::string>& words, std::string_view separator = ", ");

}  // namespace tpmprobe::text
