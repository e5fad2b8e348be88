// SPDX-License-Identifier: BSD-2-Clause
#include "knowledge/versions.h"

#include <gtest/gtest.h>

namespace tpmprobe::knowledge {
namespace {

TEST(Versions, AreComparedByTheirNumbers) {
  EXPECT_TRUE(compare_versions("1.10", "1.9.1-0.1+deb12u1") > 0);
  EXPECT_TRUE(compare_versions("1:3.2.1-3", "3.2.1") == 0);
  EXPECT_TRUE(compare_versions("", "0.1") < 0);
  EXPECT_TRUE(is_between("1.9.1-1", "1.9", "1.10"));
  EXPECT_FALSE(is_between("1.10.0-1", "1.9", "1.10"));
  EXPECT_TRUE(is_between("7", "", ""));
}

TEST(Versions, TheSchemaThatAPkcs11Writes) {
  const auto known = store_schema_of("1.9.0-0.1+deb12u1");
  EXPECT_EQ(known.least, 8);
  EXPECT_EQ(known.most, 8);
  const auto newest = store_schema_of("1.10.0-1");
  EXPECT_EQ(newest.least, 9);
  EXPECT_EQ(newest.most, 9);
}

TEST(Versions, TheSchemaOfAVersionThatNobodyLookedAt) {
  const auto between = store_schema_of("1.5.0-1");
  EXPECT_EQ(between.least, 3);
  EXPECT_EQ(between.most, 8);
  EXPECT_EQ(store_schema_of("2.0").most, std::nullopt);
}

}  // namespace
}  // namespace tpmprobe::knowledge
