// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tpmprobe::text {

/// Breaks `text` at spaces into lines of `width` columns at most; a word that is longer is broken
/// inside, and a line feed in `text` always ends a line. Runs of spaces between words become one.
/// Never empty: no text is one empty line.
std::vector<std::string> wrap(std::string_view text, int width);

/// Appends spaces until `text` is `width` columns wide.
std::string pad_right(std::string_view text, int width);

/// Puts spaces in front until `text` is `width` columns wide.
std::string pad_left(std::string_view text, int width);

/// `text` if it fits into `width` columns, else its beginning and end around `mark`. Of a text with
/// escape sequences these are dropped.
std::string elide_middle(std::string_view text, int width, std::string_view mark = "...");

}  // namespace tpmprobe::text
