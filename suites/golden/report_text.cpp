// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/text/text_report.h"
#include "suites/golden/golden.h"
#include "suites/golden/report_samples.h"
#include "suites/support/not_empty.h"
#include "text/utf8.h"

namespace tpmprobe::golden {
namespace {

using text::TextStyle;

std::string text_of(const reports::Report& report, const TextStyle& style) {
  std::ostringstream out;
  reports::write_text(report, style, out);
  return out.str();
}

constexpr TextStyle kUnicode{100, false, true, false};
constexpr TextStyle kAscii{100, false, false, false};

TEST(TextReport, OfACleanTpm) {
  expect_golden("report/clean.txt", text_of(clean_report(), kUnicode));
}
TEST(TextReport, OfP384WithoutSha384) {
  expect_golden("report/amd.txt", text_of(amd_report(), kUnicode));
}
TEST(TextReport, OfFailureMode) {
  expect_golden("report/failed.txt", text_of(failed_report(), kUnicode));
}
TEST(TextReport, OfARunCutShort) {
  expect_golden("report/incomplete.txt", text_of(incomplete_report(), kUnicode));
}
TEST(TextReport, OfHostileStrings) {
  expect_golden("report/hostile.txt", text_of(hostile_report(), kUnicode));
}
TEST(TextReport, OfEveryDefectOfSigning) {
  expect_golden("report/defective.txt", text_of(defective_report(), kUnicode));
}
TEST(TextReport, OfEveryDefectOfSigningIn60Columns) {
  expect_golden("report/defective-60.txt", text_of(defective_report(), {60, false, true, false}));
}
TEST(TextReport, InAscii) {
  expect_golden("report/amd-ascii.txt", text_of(amd_report(), kAscii));
}
TEST(TextReport, InColour) {
  expect_golden("report/amd-colour.txt", text_of(amd_report(), {100, true, true, false}));
}
TEST(TextReport, In60Columns) {
  expect_golden("report/amd-60.txt", text_of(amd_report(), {60, false, true, false}));
}

TEST(TextReport, IsPureAsciiWithoutUnicode) {
  for (const auto& report :
       {clean_report(), amd_report(), hostile_report(), incomplete_report(), defective_report()}) {
    const auto text = text_of(report, kAscii);
    EXPECT_TRUE(std::ranges::all_of(
        text, [](unsigned char octet) { return octet == '\n' || (octet >= ' ' && octet < 0x7f); }));
  }
}

TEST(TextReport, HasNoEscapeSequenceUnlessItHasColour) {
  for (const auto& report : {clean_report(), amd_report(), hostile_report(), failed_report()}) {
    EXPECT_THAT(text_of(report, kUnicode), testing::Not(testing::HasSubstr("\x1b")));
  }
}

TEST(TextReport, LetsNothingFromTheTpmReachTheTerminalRaw) {
  std::string text = text_of(hostile_report(), {100, true, true, false});
  for (const auto* ours : {"\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[38;5;33m", "\x1b[1;38;5;208m"}) {
    for (auto at = text.find(ours); at != std::string::npos; at = text.find(ours)) {
      text.erase(at, std::string(ours).size());
    }
  }
  for (const auto octet : text)
    EXPECT_TRUE(octet == '\n' || static_cast<unsigned char>(octet) >= ' ');
  EXPECT_EQ(text.find("\xc2\x9b"), std::string::npos);
  EXPECT_EQ(text.find("\xe2\x80\xae"), std::string::npos);
  for (std::string_view rest = text; !rest.empty();) {
    const auto next = text::first_code_point(rest);
    ASSERT_TRUE(next.valid);
    rest.remove_prefix(next.size);
  }
}

TEST(TextReport, FitsWidthsFrom60To200) {
  for (const auto& report :
       {clean_report(), amd_report(), hostile_report(), incomplete_report(), defective_report()}) {
    for (int width = 60; width <= 200; width += 4) {
      std::istringstream lines(suites::not_empty(text_of(report, {width, false, true, false})));
      for (std::string line; std::getline(lines, line);) {
        ASSERT_LE(text::display_width(line), width) << line;
        ASSERT_FALSE(line.ends_with(' ')) << line;
      }
    }
  }
}

TEST(TextReport, SaysTheVerdictInItsFirstLine) {
  const auto first_line = [](const reports::Report& report) {
    const auto text = text_of(report, kAscii);
    return text.substr(0, text.find('\n'));
  };
  EXPECT_THAT(first_line(clean_report()), testing::StartsWith("+ This TPM works for ssh: "));
  EXPECT_THAT(first_line(clean_report()), testing::HasSubstr("nothing unexpected"));
  EXPECT_THAT(first_line(amd_report()), testing::StartsWith("x "));
  EXPECT_THAT(first_line(amd_report()), testing::HasSubstr("1 finding,"));
  EXPECT_THAT(first_line(failed_report()), testing::HasSubstr("failure mode"));
  EXPECT_THAT(first_line(incomplete_report()), testing::HasSubstr("incomplete: 2 probes"));
}

}  // namespace
}  // namespace tpmprobe::golden
