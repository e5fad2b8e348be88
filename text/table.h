// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "text/style.h"

namespace tpmprobe::text {

/// One cell. `colour` are SGR parameters ("38;5;33"), put around each line of the cell if the style
/// has colour; empty for none.
struct Cell {
  std::string text;
  std::string_view colour = {};
};

/// One column. The elastic one gets what the others leave, and wraps.
struct Column {
  enum class Align { left, right };
  std::string title;
  Align align = Align::left;
  bool elastic = false;
  bool whole = false;  ///< elided after all others: its cells say what their rows are
};

/// `text` between the SGR codes of `colour`, if the style has colour.
std::string painted(std::string_view text, std::string_view colour, const TextStyle& style);

/// Columns of text that fit a terminal. If they do not, the elastic column is wrapped; if too
/// little is left for it, its text goes below its row; if even that is too wide, the widest columns
/// are elided in the middle.
class Table {
 public:
  explicit Table(std::vector<Column> columns, int indent = 2)
      : columns_(std::move(columns)), indent_(indent) {}

  /// A row has as many cells as the table has columns.
  void add_row(std::vector<Cell> row) { rows_.push_back(std::move(row)); }

  [[nodiscard]] bool empty() const { return rows_.empty(); }

  /// A line of titles, unless all are empty, and the rows. No line ends in spaces.
  [[nodiscard]] std::vector<std::string> lines(const TextStyle& style) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
  int indent_;
};

}  // namespace tpmprobe::text
