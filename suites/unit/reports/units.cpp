// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include "reports/summary.h"

namespace tpmprobe::reports {
namespace {

TEST(MillisecondsInWords, ChoosesTheUnitThatReadsBest) {
  EXPECT_EQ(milliseconds_in_words(0.27), "0.27 ms");
  EXPECT_EQ(milliseconds_in_words(0.999), "1.0 ms");
  EXPECT_EQ(milliseconds_in_words(9.96), "10 ms");
  EXPECT_EQ(milliseconds_in_words(41.3), "41 ms");
  EXPECT_EQ(milliseconds_in_words(999.7), "1.0 s");
  EXPECT_EQ(milliseconds_in_words(1712), "1.7 s");
  EXPECT_EQ(milliseconds_in_words(125000), "2 min 5 s");
}

TEST(SecondsInWords, NamesTheTwoLargestUnits) {
  EXPECT_EQ(seconds_in_words(0), "0 s");
  EXPECT_EQ(seconds_in_words(1000), "16 min 40 s");
  EXPECT_EQ(seconds_in_words(7200), "2 h");
  EXPECT_EQ(seconds_in_words(86400), "1 day");
  EXPECT_EQ(seconds_in_words(2 * 86400 + 3600), "2 days 1 h");
}

TEST(LockoutInWords, SaysHowManyTriesAreLeftAndWhenTheyComeBack) {
  EXPECT_EQ(lockout_in_words({false, true, 2, 32, 7200, 86400}),
            "not in lockout, 2 of 32 failed attempts recorded, one is forgotten every 2 h; a wrong "
            "lockout password blocks it for 1 day");
  EXPECT_EQ(lockout_in_words({true, false, 3, 3, 0, 0}),
            "in lockout, 3 of 3 failed attempts recorded, none is ever forgotten; no lockout "
            "password is set");
}

TEST(LockoutInWords, KnowsThatZeroRecoveryMeansUntilAReset) {
  EXPECT_NE(lockout_in_words({false, true, 0, 3, 10, 0}).find("until the TPM is reset"),
            std::string::npos);
}

TEST(LockoutInWords, KnowsThatZeroTriesMeansAlways) {
  EXPECT_NE(lockout_in_words({true, false, 0, 0, 0, 0}).find("no failed attempt is allowed"),
            std::string::npos);
}

}  // namespace
}  // namespace tpmprobe::reports
