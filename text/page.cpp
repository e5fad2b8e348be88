// SPDX-License-Identifier: BSD-2-Clause
#include "text/page.h"

#include <algorithm>
#include <ostream>

#include "text/layout.h"
#include "text/utf8.h"

namespace tpmprobe::text {
namespace {

std::string spaces(int count) {
  return std::string(static_cast<std::size_t>(count), ' ');
}

}  // namespace

void Page::heading(std::string_view title) {
  line("");
  line(painted(title, kStrong, style_));
}

void Page::paragraph(std::string_view text, int indent, std::string_view colour) {
  for (const auto& part : wrap(text, style_.width - indent)) {
    line(spaces(indent) + painted(part, colour, style_));
  }
}

void Page::item(const Mark& mark, std::string_view text, int indent, std::string_view colour) {
  const int lead_width = indent + display_width(symbol(mark)) + 1;
  std::string lead = spaces(indent) + painted(symbol(mark), mark.colour, style_) + " ";
  for (const auto& part : wrap(text, style_.width - lead_width)) {
    line(lead + painted(part, colour, style_));
    lead = spaces(lead_width);
  }
}

void Page::record(const std::vector<Labelled>& lines, int indent) {
  Table table({{""}, {"", Column::Align::left, true}}, indent);
  for (const auto& [label, text] : lines) {
    if (!text.empty()) table.add_row({{label, kFaint}, {text}});
  }
  this->table(table);
}

void Page::table(const Table& table) {
  for (const auto& text : table.lines(style_)) line(text);
}

Cell Page::cell(const Mark& mark) const {
  std::string words(symbol(mark));
  return {words.append(" ").append(mark.word), mark.colour};
}

void Page::line(std::string_view text) {
  out_ << text << '\n';
}

std::string joined(const std::vector<std::string>& words, std::string_view separator) {
  std::string line;
  for (const auto& word : words) {
    if (word.empty()) continue;
    if (!line.empty()) line += separator;
    line += word;
  }
  return line;
}

}  // namespace tpmprobe::text
