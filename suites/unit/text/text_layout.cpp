// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include "suites/support/not_empty.h"
#include "text/layout.h"
#include "text/utf8.h"

namespace tpmprobe::text {
namespace {

using Lines = std::vector<std::string>;

TEST(DisplayWidth, CountsColumnsAndNotOctets) {
  EXPECT_EQ(display_width(""), 0);
  EXPECT_EQ(display_width("✔ pass"), 6);
  EXPECT_EQ(display_width("e\u0301"), 1);
  EXPECT_EQ(display_width("漢字"), 4);
}

TEST(DisplayWidth, IgnoresEscapeSequences) {
  EXPECT_EQ(display_width("\x1b[1;38;5;208mfail\x1b[0m"), 4);
  EXPECT_EQ(display_width("\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x07"), 4);
}

TEST(DisplayWidth, CountsEachOctetThatIsNotUtf8) {
  EXPECT_EQ(display_width("\xff\xfe"), 2);
}

TEST(FirstCodePoint, RefusesWhatRfc3629Forbids) {
  for (const auto* text : {"\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                           "\xf8\x88\x80\x80\x80", "\x80", "\xc3", "\xe2\x82"}) {
    const auto first = first_code_point(text);
    EXPECT_FALSE(first.valid) << text;
    EXPECT_EQ(first.size, 1U) << text;
  }
  EXPECT_EQ(first_code_point("€x").value, U'€');
  EXPECT_EQ(first_code_point("\xf4\x8f\xbf\xbf").value, 0x10FFFFU);
}

TEST(Wrap, BreaksAtSpaces) {
  EXPECT_EQ(wrap("the TPM has no SHA-384", 10), (Lines{"the TPM", "has no", "SHA-384"}));
  EXPECT_EQ(wrap("exactly ten", 11), Lines{"exactly ten"});
}

TEST(Wrap, BreaksAWordThatIsLongerThanTheLine) {
  EXPECT_EQ(wrap("a abcdefgh b", 4), (Lines{"a", "abcd", "efgh", "b"}));
  EXPECT_EQ(wrap("漢字漢", 3), (Lines{"漢", "字", "漢"}));
}

TEST(Wrap, KeepsLineFeedsAndEmptyLines) {
  EXPECT_EQ(wrap("one\n\ntwo", 10), (Lines{"one", "", "two"}));
  EXPECT_EQ(wrap("", 10), Lines{""});
  EXPECT_EQ(wrap("x\n", 10), (Lines{"x", ""}));
}

TEST(Wrap, JoinsRunsOfSpaces) {
  EXPECT_EQ(wrap("  a   b  ", 10), Lines{"a b"});
}

TEST(Wrap, NeverMakesALineTooWide) {
  const std::string text = "ssh.ecdsa-sha2-nistp384 ✘ 漢字 and \x1b[1mbold\x1b[0m words";
  for (int width = 2; width < 60; ++width) {
    for (const auto& line : suites::not_empty(wrap(text, width)))
      EXPECT_LE(display_width(line), width) << line;
  }
}

TEST(Wrap, EndsForEveryWidth) {
  EXPECT_FALSE(wrap("漢字", 1).empty());
  EXPECT_FALSE(wrap("word", 0).empty());
  EXPECT_FALSE(wrap("word", -5).empty());
}

TEST(Pad, FillsToTheWidth) {
  EXPECT_EQ(pad_right("✔", 3), "✔  ");
  EXPECT_EQ(pad_left("41 ms", 7), "  41 ms");
  EXPECT_EQ(pad_right("longer", 3), "longer");
}

TEST(ElideMiddle, KeepsBothEnds) {
  EXPECT_EQ(elide_middle("sign.ecdsa-p384-sha384", 11), "sign...a384");
  EXPECT_EQ(elide_middle("sign.ecdsa-p384", 7, "…"), "sig…384");
  EXPECT_EQ(elide_middle("short", 5), "short");
}

TEST(ElideMiddle, FitsEveryWidth) {
  for (int width = 1; width < 12; ++width) {
    EXPECT_LE(display_width(elide_middle("\x1b[1mabcdefghijkl\x1b[0m", width)), width);
  }
  EXPECT_EQ(elide_middle("abc", 0), "");
}

}  // namespace
}  // namespace tpmprobe::text
