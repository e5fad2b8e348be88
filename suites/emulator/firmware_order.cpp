// SPDX-License-Identifier: BSD-2-Clause
#include <gmock/gmock.h>

#include "suites/emulator/firmware_support.h"

/// Header, handles, authorization, parameters one by one: the order in which a TPM refuses.
namespace tpmprobe::suites {
namespace {

using testing::IsEmpty;

constexpr std::uint32_t kLockoutCounter = 0x20e;
constexpr std::uint32_t kHandles = 1, kTransient = 0x80000000;

class FirmwareOrder : public FirmwareTest {
 protected:
  void SetUp() override { use(small_firmware()); }
};

TEST_F(FirmwareOrder, HandlesBeforeParameters) {
  EXPECT_EQ(code(sign(48)), 0x910U);
  EXPECT_EQ(code(message(
                tpm::header::kSessions, 0x15d,
                "40000001 00000009 40000009 0000 01 0000" + sized(48) + "0018 000b" + kNoTicket)),
            0x184U);
}

TEST_F(FirmwareOrder, MissingAuthorizationBeforeParameters) {
  ASSERT_EQ(code(create_primary(p384_area())), 0U);
  EXPECT_EQ(code(plain(0x15d, "80000000" + sized(48) + "0018 000b" + kNoTicket)), 0x125U);
}

TEST_F(FirmwareOrder, AWrongPasswordBeatsABadDigestAndCounts) {
  ASSERT_EQ(code(create_primary(p384_area())), 0U);
  EXPECT_EQ(code(sign(48, "0018 000b", "62")), 0x98eU);
  EXPECT_EQ(property(kLockoutCounter), 1U);
}

TEST_F(FirmwareOrder, ABadDigestWithTheRightPasswordDoesNotCount) {
  ASSERT_EQ(code(create_primary(p384_area())), 0U);
  EXPECT_EQ(code(sign(48)), 0x1d5U);
  EXPECT_EQ(property(kLockoutCounter), 0U);
}

TEST_F(FirmwareOrder, LockoutBeforeParameters) {
  ASSERT_EQ(code(create_primary(p384_area())), 0U);
  for (int tries = 0; tries < 40 && code(sign(48, "0018 000b", "62")) != 0x921; ++tries) {
  }
  EXPECT_EQ(code(sign(48)), 0x921U);
}

TEST_F(FirmwareOrder, EarlierParametersBeforeLaterOnes) {
  auto profile = small_firmware();
  profile.properties_fixed.reset();
  use(profile);
  // More than the engine takes at once, and a hash that the firmware lacks.
  EXPECT_EQ(code(plain(0x17d, sized(2000) + "000c 40000007")), 0x1d5U);
}

TEST_F(FirmwareOrder, ARefusedCommandLeavesNothing) {
  EXPECT_EQ(code(create_primary(p384_area("000c"))), 0x2c3U);
  EXPECT_EQ(code(plain(0x186, "0000 000c")), 0x2c3U) << "TPM2_HashSequenceStart";
  EXPECT_THAT(list(kHandles, "TPM_HANDLE", kTransient), IsEmpty());
}

TEST_F(FirmwareOrder, PolicySessionsAreAskedToo) {
  ASSERT_EQ(code(create_primary(p384_area())), 0U);
  ASSERT_EQ(code(plain(0x176, "40000007 40000007" + sized(16) + "0000 01 0010 000b")), 0U);
  const auto with_policy = [](std::size_t digest) {
    return message(
        tpm::header::kSessions, 0x15d,
        "80000000 00000009 03000000 0000 01 0000" + sized(digest) + "0018 000b" + kNoTicket);
  };
  // The key has no policy.
  EXPECT_EQ(code(with_policy(32)), 0x99dU);
  EXPECT_EQ(code(with_policy(48)), 0x99dU);
}

}  // namespace
}  // namespace tpmprobe::suites
