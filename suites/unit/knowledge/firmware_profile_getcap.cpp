// SPDX-License-Identifier: BSD-2-Clause
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>

#include "knowledge/property_tags.h"
#include "suites/unit/knowledge/firmware_profile_support.h"

namespace tpmprobe::knowledge {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string data(const std::string& name) {
  const std::ifstream file(TPMPROBE_SOURCE_DIR "/suites/unit/knowledge/data/firmware/" + name);
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_NE(text.str(), "") << name;
  return text.str();
}

std::string with_crlf(const std::string& text) {
  std::string all;
  for (const char c : text) all += c == '\n' ? "\r\n" : std::string(1, c);
  return all;
}

void expect_tools_5(const FirmwareProfile& profile) {
  EXPECT_EQ(profile.name, "amd-3.51.0.5");
  EXPECT_EQ(profile.source, "");
  EXPECT_THAT(*profile.algorithms,
              ElementsAre(AlgorithmEntry{0x01, 0x009}, AlgorithmEntry{0x18, 0x501}));
  EXPECT_THAT(*profile.curves, ElementsAre(3, 4, 0x10));
  EXPECT_THAT(*profile.commands, ElementsAre(0x0440011f, 0x0200015d, 0x20000001));
  EXPECT_EQ(profile.property(kPtFamilyIndicator), 0x322e3000U);
  EXPECT_EQ(profile.property(kPtLevel), 0U);
  EXPECT_EQ(profile.property(kPtRevision), 138U);
  EXPECT_EQ(profile.property(0x131), 7U);
  EXPECT_EQ(profile.property(kPtLockoutCounter), std::nullopt);
  EXPECT_FALSE(profile.rsa_bits);
}

TEST(ReadGetcap, TakesAllListsOfTools5) {
  expect_tools_5(any_profile(data("tools-5.txt")));
  expect_tools_5(any_profile(with_crlf(data("tools-5.txt"))));
}

TEST(ReadGetcap, TakesPropertiesOfTools2ThatEndEarly) {
  const auto profile = any_profile(data("tools-2.txt"));
  EXPECT_EQ(profile.name, "ntz-4.1.5380.5385");
  EXPECT_EQ(profile.property(kPtFamilyIndicator), 0x322e3000U);
  EXPECT_EQ(profile.property(kPtRevision), 116U);
  EXPECT_EQ(profile.property(kPtVendorString1), 0x4e545a00U);
  EXPECT_EQ(profile.property(kPtVendorTpmType), 0x11U);
  EXPECT_EQ(profile.property(kPtClockUpdate), std::nullopt);
  EXPECT_FALSE(profile.commands || profile.algorithms || profile.curves);
}

TEST(ReadGetcap, RebuildsAttributesOfCommandsThatOnlyTheNameIsKnownOf) {
  const auto profile = any_profile("TPM2_CC_Sign:\nTPM2_CC_NV_Write\nTPM_CC_Load\n");
  EXPECT_EQ(profile.name, "dump");
  EXPECT_THAT(*profile.commands, ElementsAre(0x0200015d, 0x04400137, 0x12000157));
}

TEST(ReadGetcap, TakesCommandsOnOneLine) {
  const auto profile = any_profile(
      "===== commands (name: TPMA_CC) =====\nTPM2_CC_Sign: 0x200015D\n"
      "0x20000001: 0x20000001\n");
  EXPECT_THAT(*profile.commands, ElementsAre(0x0200015d, 0x20000001));
}

TEST(ReadGetcap, TakesTheRevisionWithAndWithoutItsRawValue) {
  const auto revision = [](const char* text) { return any_profile(text).property(kPtRevision); };
  EXPECT_EQ(revision("TPM2_PT_REVISION:\n  raw: 0x9F\n  value: 1.59\n"), 159U);
  EXPECT_EQ(revision("TPM2_PT_REVISION:\n  value: 0.93\n"), 93U);
  EXPECT_EQ(revision("TPM_PT_REVISION:    1.16\n"), 116U);
}

TEST(ReadGetcap, AnEmptySectionOfCurvesSaysThatThereIsNone) {
  const auto profile = any_profile(
      "===== ecc-curves =====\n===== handles-persistent =====\n- 0x81000001\n"
      "===== commands =====\nTPM2_CC_Sign:\n");
  ASSERT_TRUE(profile.curves);
  EXPECT_THAT(*profile.curves, IsEmpty());
  EXPECT_FALSE(any_profile("TPM2_CC_Sign:\n===== ecc-curves =====\n").curves);
}

TEST(ReadGetcap, TheSameListTwiceIsTheListOnce) {
  const auto once = data("tools-5.txt");
  expect_tools_5(any_profile(once + once));
}

TEST(ReadGetcap, NamesTheLineThatIsWrong) {
  const auto error = [](std::string_view text) { return error_of(read_any_profile, text); };
  EXPECT_EQ(error(""), "line 1: this is not output of tpm2_getcap");
  EXPECT_EQ(error("# all\n===== commands =====\n"), "line 1: this is not output of tpm2_getcap");
  EXPECT_EQ(error("rsa:\n  colour: 1\n"), "line 1: this is not output of tpm2_getcap");
  EXPECT_EQ(error("TPM2_CC_Sign:\nhello\n"), "line 2: is not a line of tpm2_getcap");
  EXPECT_EQ(error("TPM2_CC_Sign:\n\n<html>\n"), "line 3: is not a line of tpm2_getcap");
  EXPECT_EQ(error(std::string_view("a: 1\n\0b", 7)), "line 2: is not text");
  EXPECT_EQ(error("TPM2_ECC_NIST_P256: 0xg\n"), "line 1: '0xg' is not a number");
  EXPECT_EQ(error("TPM2_ECC_NIST_P256: 0x10000\n"), "line 1: is longer than 16 bits");
  EXPECT_EQ(error("TPM2_ECC_NIST_P256:\n"), "line 1: '' is not a number");
  EXPECT_EQ(error("TPM2_PT_LEVEL:\n  raw: 0x1_\n"), "line 2: '0x1_' is not a number");
  EXPECT_EQ(error("TPM2_PT_LEVEL:\n  raw: 0x100000000\n"), "line 2: is longer than 32 bits");
  EXPECT_EQ(error("TPM2_PT_REVISION:\n  value: 1.x8\n"), "line 2: '1.x8' is not a revision");
  EXPECT_EQ(error("TPM2_PT_REVISION:\n  value: 1.5\n"), "line 2: '1.5' is not a revision");
  EXPECT_EQ(error("TPM2_CC_Fly:\n"), "line 1: unknown command 'TPM2_CC_Fly'");
  EXPECT_EQ(error("fly:\n  asymmetric: 1\n"), "line 1: is not an algorithm");
  EXPECT_EQ(error("rsa:\n  asymmetric: 2\n"), "line 2: is longer than 1 bits");
}

TEST(ReadGetcap, EveryStartIsAnErrorOrAProfile) {
  EXPECT_GT(read_all_starts(data("tools-5.txt")), 500U);
  EXPECT_GT(read_all_starts(data("tools-2.txt")), 100U);
}

}  // namespace
}  // namespace tpmprobe::knowledge
