// SPDX-License-Identifier: BSD-2-Clause
#include <gmock/gmock.h>

#include "suites/emulator/firmware_support.h"

/// TPM2_GetCapability of a firmware.
namespace tpmprobe::suites {
namespace {

using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::Ge;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

constexpr std::uint32_t kAlgorithms = 0, kCommands = 2, kPcrs = 5, kProperties = 6, kCurves = 8;

class FirmwareCapabilities : public FirmwareTest {
 protected:
  void SetUp() override { use(small_firmware()); }
};

TEST_F(FirmwareCapabilities, AreTheProfilesInItsOrder) {
  auto profile = small_firmware();
  profile.curves = {{3, 16, 4}};
  profile.commands = {{0x0440017b, 0x0000017a, 0x02400131}};
  use(profile);
  EXPECT_THAT(list(kCurves, "TPM_ECC_CURVE"), ElementsAre(3, 16, 4));
  EXPECT_FALSE(more_data);
  EXPECT_THAT(list(kCommands, "TPMA_CC"), ElementsAre(0x0440017b, 0x0000017a, 0x02400131));
  EXPECT_EQ(list(kAlgorithms, "TPM_ALG_ID").size(), profile.algorithms->size());
  EXPECT_THAT(list(kAlgorithms, "TPMA_ALGORITHM"), Contains(0x10b)) << "its attributes, too";
}

TEST_F(FirmwareCapabilities, ComeInPages) {
  EXPECT_THAT(list(kAlgorithms, "TPM_ALG_ID", 0, 3), ElementsAre(1, 4, 5));
  EXPECT_TRUE(more_data);
  EXPECT_THAT(list(kAlgorithms, "TPM_ALG_ID", 6, 2), ElementsAre(6, 8));
  EXPECT_TRUE(more_data);
  EXPECT_THAT(list(kAlgorithms, "TPM_ALG_ID", 0x25, 2), ElementsAre(0x25, 0x43));
  EXPECT_FALSE(more_data);
  EXPECT_THAT(list(kAlgorithms, "TPM_ALG_ID", 0x44, 2), IsEmpty());
  EXPECT_FALSE(more_data);
  EXPECT_THAT(list(kAlgorithms, "TPM_ALG_ID", 0, 0), IsEmpty());
  EXPECT_TRUE(more_data);
}

TEST_F(FirmwareCapabilities, NeverFillMoreThanTheirBuffer) {
  auto profile = small_firmware();
  profile.commands = {Commands(300, 0x0000017a)};
  use(profile);
  EXPECT_EQ(list(kCommands, "TPMA_CC", 0x17a, 1000).size(), 254U);
  EXPECT_TRUE(more_data);
}

TEST_F(FirmwareCapabilities, CommandsGoByTheirCode) {
  auto profile = small_firmware();
  profile.commands = {{0x0400'0131, 0x0200'017a, 0x0040'017b}};
  use(profile);
  EXPECT_THAT(list(kCommands, "TPMA_CC", 0x17a, 5), ElementsAre(0x0200'017a, 0x0040'017b));
}

TEST_F(FirmwareCapabilities, FixedPropertiesAreTheProfilesAndVariableOnesAreLive) {
  EXPECT_THAT(list(kProperties, "TPM_PT", 0x100, 4), ElementsAre(0x100, 0x10d, 0x120, 0x12c));
  EXPECT_TRUE(more_data);
  EXPECT_THAT(list(kProperties, "TPM_PT", 0x121, 2), ElementsAre(0x12c, 0x200));
  EXPECT_THAT(list(kProperties, "TPM_PT", 0x200, 100), AllOf(Not(IsEmpty()), Each(Ge(0x200U))));
  EXPECT_EQ(property(0x20e), 0U);
  EXPECT_EQ(property(0x10d), 512U);
}

TEST_F(FirmwareCapabilities, HavePcrBanksOfItsHashesOnly) {
  const auto banks = list(kPcrs, "TPMI_ALG_HASH");
  EXPECT_THAT(banks, Contains(0x0b));
  EXPECT_THAT(banks, Not(Contains(0x0c)));
  EXPECT_THAT(banks, Not(Contains(0x0d)));
}

TEST_F(FirmwareCapabilities, AreTheEnginesWhereTheProfileKnowsNothing) {
  use({});
  EXPECT_THAT(list(kAlgorithms, "TPM_ALG_ID"), Contains(0x0d));
  EXPECT_THAT(list(kCurves, "TPM_ECC_CURVE"), Contains(5));
  EXPECT_THAT(list(kCommands, "TPMA_CC").size(), Ge(90U));
  EXPECT_EQ(property(0x120), 64U);
}

TEST_F(FirmwareCapabilities, NoCurvesWithoutEcc) {
  auto profile = small_firmware();
  std::erase_if(*profile.algorithms, [](const auto& entry) { return entry.id == 0x23; });
  profile.curves.reset();
  use(profile);
  EXPECT_THAT(list(kCurves, "TPM_ECC_CURVE"), IsEmpty());
}

TEST_F(FirmwareCapabilities, CurvesCanBeRefused) {
  auto profile = small_firmware();
  profile.curves_refused = 0x1c4;
  use(profile);
  EXPECT_EQ(code(get_capability(kCurves, 0, 10)), 0x1c4U);
  EXPECT_EQ(code(get_capability(kAlgorithms, 0, 10)), 0U);
}

TEST_F(FirmwareCapabilities, NameWhatTheEngineLacks) {
  auto profile = small_firmware();
  profile.algorithms->push_back({0x12, 4});  // SM3-256
  profile.curves->push_back(0x30);           // Brainpool P256r1
  profile.commands = {{0x17a, 0x17b, 0x194, 0x20000001}};
  profile.rsa_bits->push_back(4096);
  profile.properties_fixed = {{{0x10e, 6}, {0x110, 2}, {0x129, 4}, {0x12a, 3}, {0x12b, 1}}};
  use(profile);
  EXPECT_THAT(
      tpm->missing(),
      UnorderedElementsAre("algorithm sm3_256", "curve bp256r1", "command TPM2_AC_GetCapability",
                           "command 0x20000001", "rsa4096", "TPM_PT_HR_TRANSIENT_MIN 6 (here 3)",
                           "TPM_PT_TOTAL_COMMANDS 4 (here 2)", "TPM_PT_LIBRARY_COMMANDS 3 (here 2)",
                           "TPM_PT_VENDOR_COMMANDS 1 (here 0)"));
  EXPECT_THAT(list(kAlgorithms, "TPM_ALG_ID"), Not(Contains(0x12)));
  EXPECT_THAT(list(kCommands, "TPMA_CC"), ElementsAre(0x17a, 0x17b));
  EXPECT_EQ(property(0x10e), 3U);
  EXPECT_EQ(property(0x110), 2U) << "less than the engine has is the firmware's to say";
  EXPECT_EQ(property(0x129), 2U);
}

TEST_F(FirmwareCapabilities, TheLongestDigestIsOneOfTheHashesLeft) {
  auto profile = small_firmware();
  profile.algorithms->push_back({0x29, 4});  // SHA3-512
  profile.properties_fixed = {{{0x120, 64}}};
  use(profile);
  EXPECT_EQ(property(0x120), 32U);
  EXPECT_THAT(tpm->missing(), Contains("TPM_PT_MAX_DIGEST 64 (here 32)"));
}

}  // namespace
}  // namespace tpmprobe::suites
