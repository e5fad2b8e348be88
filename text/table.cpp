// SPDX-License-Identifier: BSD-2-Clause
#include "text/table.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <optional>

#include "text/layout.h"
#include "text/utf8.h"

namespace tpmprobe::text {
namespace {

constexpr int kGap = 2;
constexpr int kLeastElastic = 24;  // narrower than this, sentences are unpleasant to read
constexpr int kLeastColumn = 6;
constexpr int kBelowIndent = 4;
constexpr std::string_view kTitleColour = "2";  // faint

using Row = std::vector<Cell>;
using Columns = std::vector<Column>;

/// How wide each column is, and whether the elastic one goes below its row instead.
struct Layout {
  std::vector<int> widths;
  std::optional<std::size_t> below;
  int below_width = 0;
};

int total(const std::vector<int>& widths, int indent) {
  const auto shown = std::ranges::count_if(widths, [](int width) { return width > 0; });
  const int gaps = kGap * static_cast<int>(std::max<std::ptrdiff_t>(shown - 1, 0));
  return std::accumulate(widths.begin(), widths.end(), indent + gaps);
}

std::vector<int> natural_widths(const Columns& columns, const std::vector<Row>& rows) {
  std::vector<int> widths;
  for (const Column& column : columns) widths.push_back(display_width(column.title));
  for (const Row& row : rows) {
    for (std::size_t at = 0; at < widths.size(); ++at) {
      widths[at] = std::max(widths[at], display_width(row[at].text));
    }
  }
  return widths;
}

/// Makes the widest columns narrower until all fit; `whole` ones keep their width.
void shrink_widest(const Columns& columns, bool whole, int indent, int width,
                   std::vector<int>& widths) {
  while (total(widths, indent) > width) {
    int* widest = nullptr;
    for (std::size_t at = 0; at < widths.size(); ++at) {
      if (columns[at].whole && whole) continue;
      if (widest == nullptr || widths[at] > *widest) widest = &widths[at];
    }
    if (widest == nullptr || *widest <= kLeastColumn) return;
    --*widest;
  }
}

Layout layout_of(const Columns& columns, const std::vector<Row>& rows, int indent, int width) {
  Layout layout{natural_widths(columns, rows), std::nullopt, 0};
  const auto elastic = std::ranges::find_if(columns, &Column::elastic);
  if (elastic != columns.end() && total(layout.widths, indent) > width) {
    const auto at = static_cast<std::size_t>(elastic - columns.begin());
    const int left = width - (total(layout.widths, indent) - layout.widths[at]);
    layout.widths[at] = left;
    if (left < kLeastElastic) {
      layout.widths[at] = 0;
      layout.below = at;
      layout.below_width = std::max(width - indent - kBelowIndent, kLeastColumn);
    }
  }
  for (const bool whole : {true, false}) {
    shrink_widest(columns, whole, indent, width, layout.widths);
  }
  return layout;
}

std::string without_trailing_spaces(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

/// Writes rows and titles of one table into lines.
class TableWriter {
 public:
  TableWriter(const Columns& columns, const Layout& layout, int indent, const TextStyle& style)
      : columns_(columns), layout_(layout), indent_(indent), style_(style) {}

  void write(const Row& row, std::vector<std::string>& lines) const {
    const auto cells = cell_lines(row);
    std::size_t height = 1;
    for (const auto& cell : cells) height = std::max(height, cell.size());
    for (std::size_t at = 0; at < height; ++at) lines.push_back(line(row, cells, at));
    if (layout_.below) write_below(row[*layout_.below], lines);
  }

 private:
  [[nodiscard]] std::vector<std::vector<std::string>> cell_lines(const Row& row) const {
    std::vector<std::vector<std::string>> cells;
    for (std::size_t at = 0; at < row.size(); ++at) {
      if (layout_.widths[at] == 0) {
        cells.emplace_back();
      } else if (columns_[at].elastic) {
        cells.push_back(wrap(row[at].text, layout_.widths[at]));
      } else {
        cells.push_back({elide_middle(row[at].text, layout_.widths[at])});
      }
    }
    return cells;
  }

  [[nodiscard]] std::string line(const Row& row, const std::vector<std::vector<std::string>>& cells,
                                 std::size_t at) const {
    std::string text(static_cast<std::size_t>(indent_), ' ');
    std::string gap;
    for (std::size_t column = 0; column < row.size(); ++column) {
      if (layout_.widths[column] == 0) continue;
      text += gap;
      text += aligned(column, at < cells[column].size() ? cells[column][at] : "", row[column]);
      gap.assign(kGap, ' ');
    }
    return without_trailing_spaces(std::move(text));
  }

  [[nodiscard]] std::string aligned(std::size_t column, std::string_view text,
                                    const Cell& cell) const {
    const std::string inked = painted(text, cell.colour, style_);
    const int width = layout_.widths[column];
    return columns_[column].align == Column::Align::right ? pad_left(inked, width)
                                                          : pad_right(inked, width);
  }

  void write_below(const Cell& cell, std::vector<std::string>& lines) const {
    if (cell.text.empty()) return;
    const std::string indent(static_cast<std::size_t>(indent_ + kBelowIndent), ' ');
    for (const auto& text : wrap(cell.text, layout_.below_width)) {
      lines.push_back(indent + painted(text, cell.colour, style_));
    }
  }

  const Columns& columns_;
  const Layout& layout_;
  int indent_;
  const TextStyle& style_;
};

/// The titles; that of a column below its rows would stand over nothing.
Row title_row(const Columns& columns, const Layout& layout) {
  Row titles;
  for (const Column& column : columns) titles.push_back({column.title, kTitleColour});
  if (layout.below) titles[*layout.below].text.clear();
  return titles;
}

}  // namespace

std::string painted(std::string_view text, std::string_view colour, const TextStyle& style) {
  if (!style.colour || colour.empty() || text.empty()) return std::string(text);
  std::string inked = "\x1B[";
  return inked.append(colour).append("m").append(text).append("\x1B[0m");
}

std::vector<std::string> Table::lines(const TextStyle& style) const {
  const Layout layout = layout_of(columns_, rows_, indent_, style.width);
  const TableWriter writer(columns_, layout, indent_, style);
  std::vector<std::string> lines;
  const bool titled =
      std::ranges::any_of(columns_, [](auto& column) { return !column.title.empty(); });
  if (titled) writer.write(title_row(columns_, layout), lines);
  for (const Row& row : rows_) writer.write(row, lines);
  return lines;
}

}  // namespace tpmprobe::text
