// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include "explain/pages/causes.h"
#include "explain/pages/html.h"
#include "explain/pages/pages.h"
#include "explain/pages/spelling.h"

namespace tpmprobe::explain::pages {
namespace {

using knowledge::CodeInfo;

std::string capitalised(std::string_view text) {
  std::string made(text);
  if (!made.empty() && made.front() >= 'a' && made.front() <= 'z') made.front() -= 'a' - 'A';
  return made;
}

std::string facts(const CodeInfo& info) {
  return fmt::format("<p class=\"facts\">{} · {} · {}</p>\n", code(hexadecimal(info.number)),
                     code(std::to_string(info.number)),
                     escape(knowledge::to_string(info.severity)));
}

std::string causes(const CodeInfo& info) {
  if (info.causes.empty()) return "";
  std::string html = "<section>\n<h2>Causes, the likeliest first</h2>\n";
  for (const auto& cause : info.causes) {
    html += cause_article(cause, link(page_of(cause.cause_class), title_of(cause.cause_class)), 3);
  }
  return html + "</section>\n";
}

std::string symbols(const Spelling& spelling) {
  std::string html;
  for (const auto& symbol : symbols_of(spelling)) html += code(symbol) + " ";
  return html;
}

std::string spellings(const CodeInfo& info) {
  std::string html =
      "<section>\n<h2>Every way in which it is written</h2>\n<div class=\"wide\" tabindex=\"0\" "
      "role=\"region\" aria-label=\"Spellings\">\n<table>\n<thead><tr><th scope=\"col\">Number</th>"
      "<th scope=\"col\">Padded</th><th scope=\"col\">Decimal</th><th scope=\"col\">Where</th>"
      "<th scope=\"col\">Symbol</th><th scope=\"col\">Text</th></tr></thead>\n<tbody>\n";
  for (const Spelling& spelling : spellings_of(info)) {
    html += fmt::format(
        "<tr id=\"{}\"><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td>"
        "<td>{}</td></tr>\n",
        slug(spelling.where), code(hexadecimal(spelling.rc)),
        code(fmt::format("0x{:08x}", spelling.rc)), code(std::to_string(spelling.rc)),
        escape(spelling.where), symbols(spelling), escape(spelling.text));
  }
  return html + "</tbody>\n</table>\n</div>\n</section>\n";
}

}  // namespace

PageFile code_page(const CodeInfo& info) {
  const std::string heading = capitalised(info.clause);
  std::string main =
      fmt::format("<h1>{} <small>{}</small></h1>\n{}<p class=\"lead\">{}</p>\n", escape(heading),
                  escape(info.symbol), facts(info), prose(info.meaning));
  main += causes(info) + spellings(info);
  return {page_of(info),
          document({fmt::format("{} ({}, {})", heading, info.symbol, hexadecimal(info.number)),
                    std::string(info.meaning),
                    {}},
                   main)};
}

}  // namespace tpmprobe::explain::pages
