// SPDX-License-Identifier: BSD-2-Clause
#include "knowledge/properties.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "knowledge/capabilities.h"
#include "knowledge/property_tags.h"
#include "knowledge/text.h"

namespace tpmprobe::knowledge {
namespace {

TEST(Properties, AreSortedByTag) {
  EXPECT_TRUE(std::ranges::is_sorted(properties(), std::ranges::less_equal{}, &PropertyInfo::tag));
  EXPECT_TRUE(
      std::ranges::is_sorted(pcr_properties(), std::ranges::less_equal{}, &PropertyInfo::tag));
}

TEST(Properties, AreFoundByTagAndSymbol) {
  EXPECT_EQ(find_property(kPtMaxDigest)->symbol, "TPM_PT_MAX_DIGEST");
  EXPECT_EQ(find_property("TPM_PT_MAX_DIGEST")->tag, 0x120U);
  EXPECT_EQ(find_property("TPM2_PT_LOCKOUT_COUNTER")->tag, 0x20eU);
  EXPECT_EQ(find_property(0x115U), nullptr);
  EXPECT_EQ(find_property("TPM2_PT_NONSENSE"), nullptr);
}

TEST(Properties, PcrPropertiesHaveTheirOwnTags) {
  EXPECT_EQ(kPtPcrDrtmReset, 0x12U);
  EXPECT_EQ(pcr_properties().back().symbol, "TPM_PT_PCR_AUTH");
}

TEST(PropertyValues, AreShownAsWhatTheyAre) {
  EXPECT_EQ(show_property(kPtManufacturer, 0x49465800), "IFX");
  EXPECT_EQ(show_property(kPtFamilyIndicator, 0x322e3000), "2.0");
  EXPECT_EQ(show_property(kPtRevision, 159), "1.59");
  EXPECT_EQ(show_property(kPtRevision, 103), "1.03");
  EXPECT_EQ(show_property(kPtMaxDigest, 48), "48 bytes");
  EXPECT_EQ(show_property(kPtLockoutInterval, 600), "600 s");
  EXPECT_EQ(show_property(kPtClockUpdate, 4096), "4096 ms");
  EXPECT_EQ(show_property(kPtContextHash, 0x000b), "sha256");
  EXPECT_EQ(show_property(kPtContextHash, 0x0001000b), "0x0001000b");
  EXPECT_EQ(show_property(kPtYear, 2018), "2018");
  EXPECT_EQ(show_property(kPtFirmwareVersion1, 0x30025), "0x00030025");
  EXPECT_EQ(show_property(kPtPermanent, 0x204), "lockoutAuthSet inLockout");
  EXPECT_EQ(show_property(kPtModes, 0), "none");
  EXPECT_EQ(show_property(0x777, 5), "0x00000005");
}

TEST(Bits, HaveMasks) {
  EXPECT_EQ(bit_mask("TPMA_PERMANENT", "inLockout"), 0x200U);
  EXPECT_EQ(bit_mask("TPMA_STARTUP_CLEAR", "orderly"), 0x80000000U);
  EXPECT_EQ(bit_mask("TPMA_OBJECT", "noDA"), 0x400U);
  EXPECT_EQ(bit_mask("TPMA_PERMANENT", "nonsense"), std::nullopt);
  EXPECT_EQ(bit_mask("TPMA_NONSENSE", "inLockout"), std::nullopt);
}

TEST(Bits, WithoutNameAreOneNumber) {
  EXPECT_EQ(bit_words("TPMA_PERMANENT", 0x203), "ownerAuthSet endorsementAuthSet inLockout");
  EXPECT_EQ(bit_words("TPMA_PERMANENT", 0x1801), "ownerAuthSet 0x00001800");
  EXPECT_EQ(bit_words("TPMA_CC", 0x2200015d), "V 0x0200015d");
  EXPECT_EQ(bit_words("TPMA_NONSENSE", 1), "0x00000001");
  EXPECT_EQ(bit_words("TPMA_PERMANENT", 0), "");
}

TEST(Text, HexHasAtLeastTheDigitsAskedFor) {
  EXPECT_EQ(hex(0x1d5, 3), "0x1d5");
  EXPECT_EQ(hex(0x1d5, 8), "0x000001d5");
  EXPECT_EQ(hex(0xffffffffffffffff, 1), "0xffffffffffffffff");
  EXPECT_EQ(hex(0, 0), "0x");
}

TEST(Text, FourCharactersAreCleaned) {
  EXPECT_EQ(four_characters(0x53544d20), "STM");
  EXPECT_EQ(four_characters(0x494e5443), "INTC");
  EXPECT_EQ(four_characters(0x02000036), "...6");
  EXPECT_EQ(four_characters(0), "");
}

TEST(Text, PrefixesAreTakenWhateverTheirCase) {
  std::string_view text = "Tpm2_Sign";
  EXPECT_FALSE(take_prefix(text, "ESYS_"));
  EXPECT_TRUE(take_prefix(text, "TPM2_"));
  EXPECT_EQ(text, "Sign");
  EXPECT_FALSE(take_prefix(text, "Signature"));
}

}  // namespace
}  // namespace tpmprobe::knowledge
