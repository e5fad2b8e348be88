// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>

#include <gmock/gmock.h>

#include "knowledge/property_tags.h"
#include "knowledge/quirk/quirk.h"
#include "knowledge/text.h"
#include "knowledge/vendors.h"
#include "suites/support/not_empty.h"
#include "suites/unit/knowledge/firmware_profile_support.h"

namespace tpmprobe::knowledge {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

FirmwareProfile firmware(std::string_view name) {
  const auto profile = find_firmware(name);
  EXPECT_TRUE(profile) << name;
  return profile.value_or(FirmwareProfile{});
}

TEST(FirmwareFiles, AreAllRight) {
  EXPECT_EQ(firmware_documents().size(), 39U);
  for (const Document& document : firmware_documents()) {
    const auto profile = read_profile(document.text);
    ASSERT_TRUE(profile) << document.name << profile.error().pointer << profile.error().reason;
    EXPECT_EQ(profile->name, document.name);
    EXPECT_NE(profile->source, "");
    EXPECT_TRUE(profile->algorithms && profile->curves && profile->commands);
    for (const auto& quirk : profile->quirks) EXPECT_NE(find_quirk(quirk), nullptr) << quirk;
  }
}

TEST(FirmwareFiles, AreNamedByWhatTheFirmwareSaysOfItself) {
  for (const auto name : suites::not_empty(firmware_names())) {
    const auto profile = firmware(name);
    const auto manufacturer = four_characters(profile.property(kPtManufacturer).value_or(0));
    EXPECT_EQ(firmware_name(manufacturer, profile.property(kPtFirmwareVersion1).value_or(0),
                            profile.property(kPtFirmwareVersion2).value_or(0)),
              name);
  }
}

TEST(FirmwareFiles, HaveAscendingPropertiesWithARevision) {
  for (const auto name : suites::not_empty(firmware_names())) {
    const auto profile = firmware(name);
    ASSERT_TRUE(profile.properties_fixed) << name;
    EXPECT_TRUE(std::ranges::is_sorted(*profile.properties_fixed, {}, &Property::tag)) << name;
    EXPECT_TRUE(profile.property(kPtRevision)) << name;
  }
  EXPECT_EQ(firmware("intc-9.5.65.3000").property(kPtRevision), 93U);
  EXPECT_EQ(firmware("ntc-1.3.0.1").property(kPtRevision), 116U);
}

TEST(FirmwareFiles, AreFoundByNameInAnyCase) {
  const auto names = firmware_names();
  EXPECT_TRUE(std::ranges::is_sorted(names));
  EXPECT_EQ(names.front(), "amd-3.37.0.5");
  EXPECT_EQ(firmware("AMD-3.51.0.5").name, "amd-3.51.0.5");
  EXPECT_FALSE(find_firmware("amd-3.51"));
  EXPECT_FALSE(find_firmware(""));
}

TEST(FirmwareFiles, KnowTheAmdThatHasP384WithoutSha384) {
  const auto amd = firmware("amd-3.51.0.5");
  EXPECT_EQ(amd.property(kPtMaxDigest), 32U);
  EXPECT_EQ(amd.property(kPtRevision), 138U);
  EXPECT_EQ(amd.property(kPtFirmwareSvn), std::nullopt);
  EXPECT_EQ(amd.commands->size(), 110U);
  EXPECT_THAT(*amd.curves, ElementsAre(3, 4, 0x10));
  EXPECT_THAT(*amd.algorithms, Contains(AlgorithmEntry{0x0b, 0x004}));
  EXPECT_THAT(*amd.algorithms, Contains(AlgorithmEntry{0x18, 0x501}));
  EXPECT_THAT(*amd.rsa_bits, ElementsAre(1024, 2048));
  EXPECT_THAT(*amd.aes_bits, ElementsAre(128, 256));
  EXPECT_THAT(amd.quirks, IsEmpty());
}

TEST(FirmwareFiles, KnowDefectsCodesAndTimes) {
  EXPECT_THAT(firmware("ifx-7.61.10.57600").quirks, ElementsAre("Q23", "Q33"));
  EXPECT_THAT(firmware("intc-303.12.0.0").quirks, ElementsAre("Q29"));
  EXPECT_THAT(firmware("ifx-7.83.13.7680").quirks, IsEmpty());
  const auto ifx = firmware("ifx-7.62.12.13824");
  ASSERT_EQ(ifx.codes.size(), 3U);
  EXPECT_EQ(ifx.codes[0].command, 0x153U);
  EXPECT_EQ(ifx.codes[0].curve, 0x10);
  EXPECT_EQ(ifx.codes[0].scheme, 0x10);
  EXPECT_EQ(ifx.codes[1].curve, std::nullopt);
  EXPECT_EQ(ifx.codes[1].scheme, 0x1b);
  EXPECT_EQ(ifx.codes[1].rc, 0x2d2U);
  const auto rsa = std::ranges::find(ifx.times, 2048, &OperationTime::size);
  ASSERT_NE(rsa, ifx.times.end());
  EXPECT_EQ(rsa->command, 0x153U);
  EXPECT_EQ(rsa->type, 1);
  EXPECT_DOUBLE_EQ(rsa->average_ms, 11382.18);
  EXPECT_DOUBLE_EQ(rsa->least_ms, 110.89);
  EXPECT_DOUBLE_EQ(rsa->most_ms, 29452.36);
}

TEST(FirmwareFiles, SayNothingOfSizesThatNobodyTried) {
  EXPECT_FALSE(firmware("intc-11.0.0.1205").rsa_bits);
  EXPECT_FALSE(firmware("ifx-7.40.8.12800").aes_bits);
  EXPECT_THAT(*firmware("intc-600.18.0.0").rsa_bits, ElementsAre(2048));
  EXPECT_THAT(*firmware("stm-1.512.0.0").aes_bits, ElementsAre(128, 192, 256));
  EXPECT_THAT(*firmware("intc-9.5.65.3000").curves, IsEmpty());
}

}  // namespace
}  // namespace tpmprobe::knowledge
