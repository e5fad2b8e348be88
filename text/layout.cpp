// SPDX-License-Identifier: BSD-2-Clause
#include "text/layout.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "text/utf8.h"

namespace tpmprobe::text {
namespace {

/// The longest start of `text` that fits; at least one character, so that a loop ends.
std::size_t fitting_size(std::string_view text, int width) {
  std::size_t size = 0;
  int used = 0;
  while (size < text.size()) {
    const auto rest = text.substr(size);
    if (const auto skipped = escape_sequence_size(rest); skipped > 0) {
      size += skipped;
      continue;
    }
    const CodePoint next = first_code_point(rest);
    used += columns_of(next.value);
    if (used > width && size > 0) break;
    size += next.size;
  }
  return size;
}

/// Fills the lines of one paragraph.
class Wrapper {
 public:
  Wrapper(std::vector<std::string>& lines, int width) : lines_(lines), width_(width) {}

  void add(std::string_view word) {
    int size = display_width(word);
    if (!line_.empty() && used_ + 1 + size > width_) end_line();
    while (size > width_) {
      const auto fits = fitting_size(word, width_);
      lines_.emplace_back(word.substr(0, fits));
      word.remove_prefix(fits);
      size = display_width(word);
    }
    if (word.empty()) return;
    if (!line_.empty()) line_ += ' ', ++used_;
    line_ += word;
    used_ += size;
  }

  void end_line() {
    lines_.push_back(std::exchange(line_, {}));
    used_ = 0;
  }

  [[nodiscard]] bool pending() const { return !line_.empty(); }

 private:
  std::vector<std::string>& lines_;
  std::string line_;
  int width_;
  int used_ = 0;
};

void wrap_paragraph(std::string_view text, int width, std::vector<std::string>& lines) {
  Wrapper wrapper(lines, width);
  const auto before = lines.size();
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    if (!word.empty()) wrapper.add(word);
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  if (wrapper.pending() || lines.size() == before) wrapper.end_line();
}

std::string without_escapes(std::string_view text) {
  std::string plain;
  while (!text.empty()) {
    const auto skipped = escape_sequence_size(text);
    if (skipped == 0) plain += text.front();
    text.remove_prefix(std::max<std::size_t>(skipped, 1));
  }
  return plain;
}

/// The end of `text` of `width` columns at most.
std::string_view ending(std::string_view text, int width) {
  while (display_width(text) > width) text.remove_prefix(first_code_point(text).size);
  return text;
}

std::string spaces(int count) {
  return std::string(static_cast<std::size_t>(std::max(count, 0)), ' ');
}

}  // namespace

std::vector<std::string> wrap(std::string_view text, int width) {
  std::vector<std::string> lines;
  width = std::max(width, 1);
  for (;;) {
    const auto end = text.find('\n');
    wrap_paragraph(text.substr(0, end), width, lines);
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

std::string pad_right(std::string_view text, int width) {
  return std::string(text) + spaces(width - display_width(text));
}

std::string pad_left(std::string_view text, int width) {
  return spaces(width - display_width(text)) + std::string(text);
}

std::string elide_middle(std::string_view text, int width, std::string_view mark) {
  if (display_width(text) <= width) return std::string(text);
  const std::string plain = without_escapes(text);
  const int kept = width - display_width(mark);
  if (kept < 2) return width <= 0 ? "" : plain.substr(0, fitting_size(plain, width));
  const int head = (kept + 1) / 2;
  return plain.substr(0, fitting_size(plain, head)) + std::string(mark) +
         std::string(ending(plain, kept - head));
}

}  // namespace tpmprobe::text
