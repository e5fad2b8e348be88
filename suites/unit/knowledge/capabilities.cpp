// SPDX-License-Identifier: BSD-2-Clause
#include "knowledge/capabilities.h"

#include <gtest/gtest.h>

#include "knowledge/property_tags.h"

namespace tpmprobe::knowledge {
namespace {

TEST(Capabilities, ThatWereNotReadHaveNothing) {
  const Capabilities unread;
  EXPECT_FALSE(unread.has_algorithm(0x000b));
  EXPECT_FALSE(unread.has_curve(0x0003));
  EXPECT_FALSE(unread.has_command(0x15d));
  EXPECT_EQ(unread.property(kPtMaxDigest), std::nullopt);
}

TEST(Capabilities, HaveWhatIsInTheirLists) {
  Capabilities capabilities;
  capabilities.algorithms = {{0x0001, 9}, {0x000b, 4}};
  capabilities.curves = {0x0003};
  EXPECT_TRUE(capabilities.has_algorithm(0x000b));
  EXPECT_FALSE(capabilities.has_algorithm(0x000c));
  EXPECT_TRUE(capabilities.has_curve(0x0003));
  EXPECT_FALSE(capabilities.has_curve(0x0004));
}

TEST(Capabilities, LookThroughTheAttributesOfCommands) {
  Capabilities capabilities;
  capabilities.commands = {0x0440011f, 0x0200015d, 0x20000001};
  EXPECT_TRUE(capabilities.has_command(0x15d));
  EXPECT_TRUE(capabilities.has_command(0x11f));
  EXPECT_TRUE(capabilities.has_command(0x20000001));
  EXPECT_FALSE(capabilities.has_command(0x00000001));
  EXPECT_FALSE(capabilities.has_command(0x2000015d));
}

TEST(Capabilities, ABankWithoutPcrsIsNone) {
  Capabilities capabilities;
  EXPECT_FALSE(capabilities.has_pcr_bank(0x000b)) << "the list was not read";
  capabilities.pcr_banks = {{0x0004, {0, 0, 0}}, {0x000b, {0, 0, 1}}};
  EXPECT_TRUE(capabilities.has_pcr_bank(0x000b));
  EXPECT_FALSE(capabilities.has_pcr_bank(0x0004));
  EXPECT_FALSE(capabilities.has_pcr_bank(0x000c));
}

TEST(Capabilities, FindPropertiesOfBothGroups) {
  Capabilities capabilities;
  capabilities.properties_variable = {{kPtLockoutCounter, 7}};
  EXPECT_EQ(capabilities.property(kPtLockoutCounter), 7U);
  EXPECT_EQ(capabilities.property(kPtMaxDigest), std::nullopt);
  capabilities.properties_fixed = {{kPtMaxDigest, 32}};
  EXPECT_EQ(capabilities.property(kPtMaxDigest), 32U);
}

}  // namespace
}  // namespace tpmprobe::knowledge
