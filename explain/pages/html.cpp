// SPDX-License-Identifier: BSD-2-Clause
#include "explain/pages/html.h"

#include <fmt/format.h>

#include "knowledge/text.h"

namespace tpmprobe::explain::pages {

std::string escape(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string prose(std::string_view text) {
  std::string html;
  while (!text.empty()) {
    const auto begin = text.find('`');
    const auto end = begin == text.npos ? text.npos : text.find('`', begin + 1);
    if (end == text.npos) return html + escape(text);
    html += escape(text.substr(0, begin)) + code(text.substr(begin + 1, end - begin - 1));
    text.remove_prefix(end + 1);
  }
  return html;
}

std::string code(std::string_view text) {
  return fmt::format("<code>{}</code>", escape(text));
}

std::string link(std::string_view href, std::string_view text) {
  return fmt::format(R"(<a href="{}">{}</a>)", escape(href), escape(text));
}

std::string slug(std::string_view text) {
  std::string made;
  for (const char c : text) {
    const char small = knowledge::to_lower(c);
    const bool word = (small >= 'a' && small <= 'z') || (small >= '0' && small <= '9');
    if (word) {
      made += small;
    } else if (!made.empty() && made.back() != '-') {
      made += '-';
    }
  }
  while (made.ends_with('-')) made.pop_back();
  return made;
}

std::string document(const Frame& frame, std::string_view main) {
  return fmt::format(
      R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{0}</title>
<meta name="description" content="{1}">
<link rel="stylesheet" href="style.css">
</head>
<body>
<a class="skip" href="#main">Skip to the text</a>
<header><a href="index.html">TPM 2.0 errors, explained</a></header>
<main id="main">
{2}</main>
<footer><p>Written by <code>tpmprobe explain --export</code>. For a log, or with a TPM at hand, the program itself
says more: <code>tpmprobe explain</code> reads the lines around an error, too.</p></footer>
{3}</body>
</html>
)",
      escape(frame.title), escape(frame.description), main, frame.scripts);
}

}  // namespace tpmprobe::explain::pages
