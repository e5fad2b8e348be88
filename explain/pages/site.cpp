// SPDX-License-Identifier: BSD-2-Clause
#include "explain/pages/site.h"

#include <fmt/format.h>

#include "explain/pages/assets.h"
#include "explain/pages/html.h"
#include "explain/pages/pages.h"
#include "explain/pages/spelling.h"

namespace tpmprobe::explain::pages {
namespace {

// Of the 29 positions those that commands really have; the search knows them all.
constexpr std::uint8_t kUsualParameters = 7, kUsualOthers = 3;

bool is_usual(const knowledge::RcPosition& where) {
  const auto most = where.place == knowledge::RcPlace::parameter ? kUsualParameters : kUsualOthers;
  return where.index <= most;
}

PageFile redirect(const Spelling& spelling, const std::string& target) {
  return {hexadecimal(spelling.rc) + ".html",
          fmt::format(R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{0}: {1}</title>
<meta http-equiv="refresh" content="0; url={2}">
<link rel="canonical" href="{2}">
</head>
<body><p>{0} is <a href="{2}">{3}: {1}</a>.</p></body>
</html>
)",
                      hexadecimal(spelling.rc), escape(spelling.text), escape(target),
                      escape(spelling.symbol))};
}

PageFile site_map(const std::vector<PageFile>& pages, const std::string& base_url) {
  std::string xml =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n";
  for (const PageFile& page : pages) {
    xml += fmt::format("<url><loc>{}</loc></url>\n", escape(base_url + page.name));
  }
  return {"sitemap.xml", xml + "</urlset>\n"};
}

}  // namespace

std::vector<PageFile> redirects() {
  std::vector<PageFile> stubs;
  for (const auto& info : knowledge::codes()) {
    for (const Spelling& spelling : spellings_of(info)) {
      if (!is_usual(knowledge::decode_rc(spelling.rc).where)) continue;
      stubs.push_back(
          redirect(spelling, fmt::format("{}#{}", page_of(info), slug(spelling.where))));
    }
  }
  return stubs;
}

std::vector<PageFile> site(const std::string& base_url) {
  std::vector<PageFile> pages{index_page()};
  for (const auto& info : knowledge::codes()) pages.push_back(code_page(info));
  for (const auto& command : knowledge::commands()) pages.push_back(command_page(command));
  for (const auto cause_class : cause_classes()) pages.push_back(class_page(cause_class));
  for (const auto family : message_families()) pages.push_back(message_page(family));
  PageFile map = site_map(pages, base_url);
  for (PageFile& stub : redirects()) pages.push_back(std::move(stub));
  pages.push_back(std::move(map));
  pages.push_back(search_data());
  pages.push_back({"style.css", std::string(style_sheet())});
  pages.push_back({"search.js", std::string(search_script())});
  return pages;
}

}  // namespace tpmprobe::explain::pages
