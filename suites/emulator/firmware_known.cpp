// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>

#include <gmock/gmock.h>

#include "knowledge/properties.h"
#include "suites/emulator/firmware_support.h"

/// The firmware of knowledge/firmware on the engine.
namespace tpmprobe::suites {
namespace {

constexpr std::uint32_t kAlgorithms = 0, kCommands = 2, kCurves = 8;

class KnownFirmware : public FirmwareTest, public testing::WithParamInterface<std::string_view> {
 protected:
  /// How many entries `missing` names that start so.
  std::size_t missing(std::string_view start) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        tpm->missing(), [&](const std::string& entry) { return entry.starts_with(start); }));
  }
};

TEST_P(KnownFirmware, ListsWhatItHasLessWhatIsMissing) {
  const auto profile = knowledge::find_firmware(GetParam());
  ASSERT_TRUE(profile);
  use(*profile);
  EXPECT_EQ(list(kAlgorithms, "TPM_ALG_ID").size(),
            profile->algorithms->size() - missing("algorithm "));
  EXPECT_EQ(list(kCommands, "TPMA_CC").size(), profile->commands->size() - missing("command "));
  for (const auto& [tag, value] : profile->properties_fixed.value()) {
    const auto* info = knowledge::find_property(tag);
    if (info != nullptr && missing(info->symbol) != 0) continue;
    EXPECT_EQ(property(tag), value) << tag;
  }
  if (profile->curves && !profile->curves_refused) {
    EXPECT_EQ(list(kCurves, "TPM_ECC_CURVE").size(), profile->curves->size() - missing("curve "));
  }
}

std::vector<std::string_view> names() {
  return knowledge::firmware_names();
}

INSTANTIATE_TEST_SUITE_P(Each, KnownFirmware, testing::ValuesIn(names()), [](const auto& tried) {
  std::string name(tried.param);
  std::ranges::replace_if(name, [](char letter) { return letter == '.' || letter == '-'; }, '_');
  return name;
});

class Amd351 : public FirmwareTest {
 protected:
  void SetUp() override {
    const auto profile = knowledge::find_firmware("AMD-3.51.0.5");
    ASSERT_TRUE(profile);
    use(*profile);
  }
};

TEST_F(Amd351, MakesP384KeysThatCannotSignForSsh) {
  ASSERT_EQ(code(create_primary(p384_area())), 0U);
  EXPECT_EQ(code(sign(48, "0018 000c")), 0x1d5U);
  EXPECT_EQ(code(sign(32)), 0U);
}

TEST_F(Amd351, RefusesAsTheRealOne) {
  ASSERT_EQ(code(create_primary(p384_area())), 0U);
  EXPECT_EQ(code(sign(32, "001b 000b")), 0x2d2U);
  EXPECT_EQ(code(plain(0x17d, "0001 61 000c 40000007")), 0x2c3U);
  const std::string rsa3072 = "0001 000b 00040072 0000 0010 0010 0c00 00000000 0000";
  EXPECT_EQ(code(create_primary(rsa3072)), 0x2c4U);
}

}  // namespace
}  // namespace tpmprobe::suites
