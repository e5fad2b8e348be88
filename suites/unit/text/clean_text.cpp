// SPDX-License-Identifier: BSD-2-Clause
#include "text/clean_text.h"

#include <gtest/gtest.h>

namespace tpmprobe::text {
namespace {

TEST(CleanText, SpellsOutControlCharacters) {
  EXPECT_EQ(clean("\x1b[2J\r\n\t\x7f", true), "\\x1b[2J\\x0d\\x0a\\x09\\x7f");
}

TEST(CleanText, SpellsOutEightBitControlCharacters) {
  EXPECT_EQ(clean("\xc2\x9b"
                  "31m",
                  true),
            "\\x9b31m");
  EXPECT_EQ(clean("\x9b"
                  "31m",
                  true),
            "\\x9b31m");
}

TEST(CleanText, SpellsOutWhatHidesOrTurnsText) {
  EXPECT_EQ(clean("a\u202eb\u200bc\u2066d\ufeff", true), "a\\u202eb\\u200bc\\u2066d\\ufeff");
}

TEST(CleanText, SpellsOutOctetsThatAreNotUtf8) {
  EXPECT_EQ(clean("NPCT\xff", true), "NPCT\\xff");
}

TEST(CleanText, KeepsEverythingElse) {
  EXPECT_EQ(clean("NPCT75x\"!!4rls é €", true), "NPCT75x\"!!4rls é €");
}

TEST(CleanText, FindsAsciiForUnicode) {
  EXPECT_EQ(clean("“3–5” × 2 … → é", false), "\"3-5\" x 2 ... -> ?");
}

}  // namespace
}  // namespace tpmprobe::text
