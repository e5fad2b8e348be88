// SPDX-License-Identifier: BSD-2-Clause
#include "explain/pages/pages.h"

#include <algorithm>
#include <map>
#include <regex>
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "explain/pages/html.h"
#include "explain/pages/spelling.h"
#include "suites/support/not_empty.h"

namespace tpmprobe::explain {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::map<std::string, std::string>& files() {
  static const auto kFiles = [] {
    std::map<std::string, std::string> made;
    for (auto& page : pages::site("https://example.org/tpm/")) {
      EXPECT_TRUE(made.emplace(page.name, page.content).second) << page.name << " twice";
    }
    return made;
  }();
  return kFiles;
}

std::string page(const std::string& name) {
  const auto found = files().find(name);
  EXPECT_NE(found, files().end()) << name;
  return found == files().end() ? std::string() : found->second;
}

std::set<std::string> ids_in(const std::string& html) {
  std::set<std::string> ids;
  static const std::regex kId(R"re( id="([^"]+)")re");
  for (std::sregex_iterator it(html.begin(), html.end(), kId), end; it != end; ++it) {
    EXPECT_TRUE(ids.insert((*it)[1]).second) << (*it)[1] << " twice";
  }
  return ids;
}

TEST(Html, EscapesWhatHtmlWouldRead) {
  EXPECT_EQ(pages::escape("a<b & \"c\">"), "a&lt;b &amp; &quot;c&quot;&gt;");
  EXPECT_EQ(pages::prose("use `a<b` now"), "use <code>a&lt;b</code> now");
  EXPECT_EQ(pages::prose("a ` alone"), "a ` alone");
  EXPECT_EQ(pages::link("a&b", "<"), "<a href=\"a&amp;b\">&lt;</a>");
}

TEST(Html, MakesNamesThatAnyFileSystemTakes) {
  EXPECT_EQ(pages::slug("TPM_RC_SIZE"), "tpm-rc-size");
  EXPECT_EQ(pages::slug(" policy/pcr-mismatch! "), "policy-pcr-mismatch");
}

TEST(Spellings, AreThoseOfThePositionsOfAFormat1Code) {
  const auto& size = *knowledge::find_code(knowledge::decode_rc(0x1d5));
  std::set<std::uint32_t> numbers;
  for (const auto& spelling : pages::spellings_of(size)) {
    EXPECT_EQ(knowledge::find_code(knowledge::decode_rc(spelling.rc)), &size) << spelling.rc;
    numbers.insert(spelling.rc);
  }
  EXPECT_EQ(numbers.size(), 1U + 15U + 7U + 7U);
  EXPECT_THAT(numbers,
              AllOf(Contains(0x95U), Contains(0x1d5U), Contains(0x195U), Contains(0x995U)));
}

TEST(Spellings, AreThoseOfTheLayersOfATssCode) {
  const auto& io = *knowledge::find_code(knowledge::decode_rc(0xa000a));
  std::map<std::uint32_t, std::string> symbols;
  for (const auto& spelling : pages::spellings_of(io)) symbols[spelling.rc] = spelling.symbol;
  EXPECT_EQ(symbols[0xa000a], "TSS2_TCTI_RC_IO_ERROR");
  EXPECT_EQ(symbols[0x6000a], "TSS2_FAPI_RC_IO_ERROR");
  EXPECT_FALSE(symbols.contains(10));
}

TEST(Pages, AreThereForEveryCodeCommandClassAndMessage) {
  for (const auto& info : knowledge::codes()) page(pages::page_of(info));
  for (const auto& command : knowledge::commands()) page(pages::page_of(command));
  for (const auto cause_class : pages::cause_classes()) page(pages::page_of(cause_class));
  for (const auto& message : knowledge::messages()) {
    EXPECT_THAT(ids_in(page(pages::message_page_name(message.family))),
                Contains(std::string(message.id)));
  }
  EXPECT_EQ(pages::cause_classes().size(), 16U);
}

TEST(Pages, OfAnErrorSayItInEverySpelling) {
  const auto size = page("tpm-rc-size.html");
  for (const auto* words :
       {"<title>Structure is the wrong size (TPM_RC_SIZE, 0x095)</title>", "0x1d5", "0x000001d5",
        ">469<", "TPM2_RC_SIZE", "TPM_RCS_SIZE", "tpm:parameter(1):structure is the wrong size",
        "SHA-384", "class-unsupported-algorithm.html"}) {
    EXPECT_THAT(size, HasSubstr(words));
  }
}

TEST(Pages, OfACommandNameTheErrorAtItsPlace) {
  const auto sign = page("command-sign.html");
  EXPECT_THAT(sign, AllOf(HasSubstr("<code>0x1d5</code> <a href=\"tpm-rc-size.html\">"),
                          HasSubstr("<code>digest</code>"), HasSubstr("Esys_Sign")));
}

TEST(Pages, LinkOnlyToWhatIsThere) {
  static const std::regex kLink(
      R"re((?:href|src|url=|content="0; url)="?([^"#]+)(?:#([^"]+))?")re");
  std::map<std::string, std::set<std::string>> ids;
  for (const auto& [name, html] : files()) ids[name] = ids_in(html);
  int links = 0;
  for (const auto& [name, html] : files()) {
    if (!name.ends_with(".html")) continue;
    for (std::sregex_iterator it(html.begin(), html.end(), kLink), end; it != end; ++it) {
      const std::string target = (*it)[1], anchor = (*it)[2];
      ASSERT_TRUE(files().contains(target)) << name << " links to " << target;
      EXPECT_TRUE(anchor.empty() || ids[target].contains(anchor)) << name << ": #" << anchor;
      ++links;
    }
  }
  EXPECT_GT(links, 0);
}

TEST(Pages, LoadNothingFromElsewhere) {
  for (const auto& [name, html] : suites::not_empty(files())) {
    if (name == "sitemap.xml") continue;
    EXPECT_THAT(html, Not(HasSubstr("src=\"http"))) << name;
    EXPECT_THAT(html, Not(HasSubstr("href=\"http"))) << name;
    EXPECT_THAT(html, Not(HasSubstr("@import"))) << name;
  }
}

TEST(Index, ListsEveryPageWithoutScript) {
  const auto index = page("index.html");
  for (const auto& info : suites::not_empty(knowledge::codes())) {
    EXPECT_THAT(index, HasSubstr("href=\"" + pages::page_of(info) + "\""));
  }
  for (const auto& command : suites::not_empty(knowledge::commands())) {
    EXPECT_THAT(index, HasSubstr("href=\"" + pages::page_of(command) + "\""));
  }
}

TEST(SearchData, LeadsFromEveryNumberToItsError) {
  const std::string script = page("search-data.js");
  ASSERT_THAT(script, StartsWith("window.tpmCodes = "));
  const auto numbers = nlohmann::json::parse(script.substr(18, script.size() - 20));
  EXPECT_EQ(numbers.at("1d5").at(0), "tpm-rc-size.html#parameter-1");
  EXPECT_EQ(numbers.at("a000a").at(1), "TSS2_TCTI_RC_IO_ERROR");
  for (const auto& [number, entry] : numbers.items()) {
    const auto rc = static_cast<std::uint32_t>(std::stoul(number, nullptr, 16));
    const auto* info = knowledge::find_code(knowledge::decode_rc(rc));
    ASSERT_NE(info, nullptr) << number;
    EXPECT_THAT(entry.at(0).get<std::string>(), StartsWith(pages::page_of(*info) + "#"));
  }
}

TEST(Redirects, LeadToTheRowOfTheNumber) {
  EXPECT_THAT(page("0x1d5.html"),
              AllOf(HasSubstr("content=\"0; url=tpm-rc-size.html#parameter-1\""),
                    HasSubstr("<a href=\"tpm-rc-size.html#parameter-1\">TPM_RC_SIZE")));
  EXPECT_TRUE(files().contains("0x9a2.html")) << "TPM_RC_BAD_AUTH of session 1";
  EXPECT_TRUE(files().contains("0xa000a.html"));
}

TEST(SiteMap, HasWholeAddressesOfPagesAndNoStubs) {
  const auto map = page("sitemap.xml");
  EXPECT_THAT(map, AllOf(HasSubstr("<loc>https://example.org/tpm/tpm-rc-size.html</loc>"),
                         Not(HasSubstr("0x1d5.html"))));
}

}  // namespace
}  // namespace tpmprobe::explain
