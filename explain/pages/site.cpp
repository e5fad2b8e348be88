// SPDX-License-Identifier: BSD-2-Clause
#include "explain/pages/site.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

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

namespace {

using knowledge::CodeInfo;
using knowledge::RcFormat;

std::string group(std::string_view title, const std::string& items) {
  return fmt::format("<section>\n<h2>{}</h2>\n<ul class=\"list\">\n{}</ul>\n</section>\n",
                     escape(title), items);
}

std::string item(const std::string& link_to, std::string_view text, std::string_view words = {}) {
  const auto hidden = words.empty() ? "" : fmt::format(" data-words=\"{}\"", escape(words));
  return fmt::format("<li{}>{} {}</li>\n", hidden, link_to, text);
}

/// Other symbols of the same error, and its texts.
std::string words_of(const CodeInfo& info) {
  std::string words = fmt::format("{}", fmt::join(info.decoder_texts, " "));
  for (const Spelling& spelling : spellings_of(info)) {
    for (const auto& symbol : symbols_of(spelling)) {
      if (words.find(symbol) == words.npos) words += " " + symbol;
    }
  }
  return words;
}

template <typename Belongs>
std::string codes_group(std::string_view title, Belongs belongs) {
  std::string items;
  for (const CodeInfo& info : knowledge::codes()) {
    if (!belongs(info.format)) continue;
    items += item(link(page_of(info), info.symbol),
                  fmt::format("{} {}", code(hexadecimal(info.number)), escape(info.clause)),
                  words_of(info));
  }
  return group(title, items);
}

std::string messages_group() {
  std::string items;
  for (const auto& message : knowledge::messages()) {
    items += item(
        link(fmt::format("{}#{}", message_page_name(message.family), message.id), message.sentence),
        escape(message.family), fmt::format("{}", fmt::join(message.texts, " ")));
  }
  return group("Messages without a number", items);
}

std::string commands_group() {
  std::string items;
  for (const auto& command : knowledge::commands()) {
    items +=
        item(link(page_of(command), fmt::format("TPM2_{}", command.name)),
             code(hexadecimal(command.code)), fmt::format("esys_{0} tss2_sys_{0}", command.name));
  }
  return group("Commands", items);
}

std::string classes_group() {
  std::string items;
  for (const auto cause_class : cause_classes()) {
    items += item(link(page_of(cause_class), title_of(cause_class)), "");
  }
  return group("Classes of causes", items);
}

constexpr std::string_view kSearch = R"(<form class="search" role="search">
<label for="query">A code or a message, as you found it</label>
<input id="query" type="search" autocomplete="off" spellcheck="false" placeholder="0x000001d5, 469, structure is the wrong size">
<div id="found" role="status"></div>
</form>
<noscript><p>The search needs JavaScript. The list below does not.</p></noscript>
)";

}  // namespace

PageFile index_page() {
  std::string main =
      "<h1>TPM 2.0 error codes and messages</h1>\n<p class=\"lead\">What a code or a message "
      "means, why it occurs, how to confirm the cause and what to do.</p>\n";
  main += kSearch;
  main += codes_group("Errors of a TPM 2.0", [](RcFormat format) {
    return format == RcFormat::format0_error || format == RcFormat::format0_warning ||
           format == RcFormat::format1 || format == RcFormat::vendor;
  });
  main += codes_group("Errors of the software above it (TSS)", [](RcFormat format) {
    return format == RcFormat::base || format == RcFormat::implementation_specific;
  });
  main += messages_group() + commands_group() + classes_group();
  main += codes_group("Codes from a TPM 1.2",
                      [](RcFormat format) { return format == RcFormat::tpm12; });
  return {"index.html",
          document({"TPM 2.0 error codes and messages, explained",
                    "Every TPM 2.0 and TSS error code in every spelling: meaning, causes, fixes.",
                    "<script src=\"search-data.js\"></script>\n"
                    "<script src=\"search.js\"></script>\n"},
                   main)};
}

PageFile search_data() {
  nlohmann::json numbers = nlohmann::json::object();
  for (const CodeInfo& info : knowledge::codes()) {
    for (const Spelling& spelling : spellings_of(info)) {
      const auto anchored = fmt::format("{}#{}", page_of(info), slug(spelling.where));
      numbers[fmt::format("{:x}", spelling.rc)] = {anchored, spelling.symbol, spelling.text};
    }
  }
  return {"search-data.js", "window.tpmCodes = " + numbers.dump(0) + ";\n"};
}

}  // namespace tpmprobe::explain::pages
