// SPDX-License-Identifier: BSD-2-Clause
#include <gmock/gmock.h>

#include "suites/emulator/firmware_support.h"
#include "suites/support/raw_commands.h"

/// What a firmware lacks is refused with the code of Part 2, and nothing else is.
namespace tpmprobe::suites {
namespace {

constexpr std::uint32_t kHash = 0x17d, kTestParms = 0x18a, kStartAuthSession = 0x176;

struct Case {
  const char* name;
  Bytes command;
  std::uint32_t rc;
};

Bytes test_parms(std::string_view parameters) {
  return plain(kTestParms, parameters);
}

Bytes start_session(std::size_t nonce, const std::string& hash) {
  return plain(kStartAuthSession, "40000007 40000007" + sized(nonce) + "0000 00 0010" + hash);
}

class Refused : public FirmwareTest, public testing::WithParamInterface<Case> {};

TEST_P(Refused, WithItsCodeAtItsParameter) {
  use(small_firmware());
  EXPECT_EQ(send(GetParam().command), tpm::header::response(GetParam().rc));
}

INSTANTIATE_TEST_SUITE_P(
    Values, Refused,
    testing::Values(
        Case{"hash", plain(kHash, "0001 61 000c 40000007"), 0x2c3},
        Case{"pcr_bank", plain(0x17e, "00000001 000c 03 010000"), 0x1c3},
        Case{"name_alg", create_primary(p384_area("000c")), 0x2c3},
        Case{"hash_of_scheme", create_primary(p384_area("000b", "0018 000c")), 0x2c3},
        Case{"template",
             authorized(0x191, "40000001", "0004 0000 0000" + in_buffer(p384_area("000c"))), 0x2c3},
        Case{"curve", test_parms("0023 0010 0010 0005 0010"), 0x1e6},
        Case{"ecc_scheme", test_parms("0023 0010 001a 000b 0000 0003 0010"), 0x1d2},
        Case{"kdf", test_parms("0023 0010 0010 0003 0007 000b"), 0x1cc},
        Case{"rsa_bits", test_parms("0001 0010 0010 0c00 00000000"), 0x1c4},
        Case{"rsa_scheme", test_parms("0001 0010 0015 0800 00000000"), 0x1c4},
        Case{"aes_bits", test_parms("0025 0006 0100 0043"), 0x1c4},
        Case{"mode", test_parms("0025 0006 0080 0042"), 0x1c9},
        Case{"symmetric", test_parms("0025 0026 0080 0043"), 0x1d6},
        Case{"keyedhash_scheme", test_parms("0008 000a 000b 0022"), 0x1c4},
        Case{"session_hash", start_session(16, "000c"), 0x5c3}),
    [](const auto& tried) { return tried.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Sizes, Refused,
    testing::Values(Case{"nonce_before_hash", start_session(33, "000c"), 0x1d5},
                    Case{"policy",
                         create_primary("0023 000b 00040072" + sized(33) +
                                        "0010 0010 0004 0010 0000 0000"),
                         0x2d5},
                    Case{"data", create_primary(p384_area(), sized(35)), 0x3d5},
                    Case{"input_buffer", plain(kHash, sized(513) + "000b 40000007"), 0x1d5},
                    Case{"new_auth", authorized(0x129, "40000001", sized(33)), 0x1d5}),
    [](const auto& tried) { return tried.param.name; });

class Served : public FirmwareTest, public testing::WithParamInterface<Case> {};

TEST_P(Served, AsTheFirmwareHasIt) {
  use(small_firmware());
  EXPECT_EQ(code(GetParam().command), 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Values, Served,
    testing::Values(Case{"hash", plain(kHash, "0001 61 000b 40000007"), 0},
                    Case{"curve", create_primary(p384_area()), 0},
                    Case{"rsa_bits", test_parms("0001 0010 0010 0800 00000000"), 0},
                    Case{"aes_bits", test_parms("0025 0006 0080 0043"), 0},
                    Case{"nonce", start_session(32, "000b"), 0},
                    Case{"data", create_primary(p384_area(), sized(34)), 0},
                    Case{"input_buffer", plain(kHash, sized(512) + "000b 40000007"), 0}),
    [](const auto& tried) { return tried.param.name; });

class FirmwareRefusals : public FirmwareTest {
 protected:
  void SetUp() override { use(small_firmware()); }
};

TEST_F(FirmwareRefusals, TypeOfAKeyThatItHasNot) {
  auto profile = small_firmware();
  std::erase_if(*profile.algorithms, [](const auto& entry) { return entry.id == 0x23; });
  use(profile);
  EXPECT_EQ(code(test_parms("0023 0010 0010 0003 0010")), 0x1caU);
}

TEST_F(FirmwareRefusals, NvDataLongerThanItsBuffer) {
  ASSERT_EQ(code(raw::kNvDefine), 0U);
  EXPECT_EQ(code(authorized(0x137, "01500000 01500000", sized(513) + "0000")), 0x1d5U);
  EXPECT_EQ(code(authorized(0x137, "01500000 01500000", sized(8) + "0000")), 0U);
}

TEST_F(FirmwareRefusals, DigestOfSshWithP384) {
  ASSERT_EQ(code(create_primary(p384_area())), 0U);
  EXPECT_EQ(code(sign(48, "0018 000c")), 0x1d5U);
  EXPECT_EQ(code(sign(48, "0077 000b")), 0x1d5U) << "before the scheme is looked at";
  EXPECT_EQ(code(sign(32, "0018 000c")), 0x2c3U);
  EXPECT_EQ(code(sign(32, "001b 000b")), 0x2d2U);
  EXPECT_EQ(code(sign(32)), 0U);
}

TEST_F(FirmwareRefusals, NotWhatOnlyATpmMakes) {
  ASSERT_EQ(code(create_primary(p384_area())), 0U);
  const std::string ticket = "8024 40000007" + sized(48);
  // TPM_RC_TICKET, which is about what it says, and not TPM_RC_SIZE.
  EXPECT_EQ(code(with_password(0x15d, "61", sized(32) + "0018 000b" + ticket)), 0x3e0U);
}

TEST_F(FirmwareRefusals, NothingOfWhatTheProfileDoesNotKnow) {
  use({});
  EXPECT_EQ(code(plain(kHash, "0001 61 000c 40000007")), 0U);
  EXPECT_EQ(code(test_parms("0023 0010 0010 0005 0010")), 0U);
  EXPECT_EQ(code(start_session(48, "000c")), 0U);
  EXPECT_TRUE(tpm->missing().empty());
}

TEST_F(FirmwareRefusals, MeasuredCodesWin) {
  auto profile = small_firmware();
  profile.codes = {{0x131, 4, 0x10, 0x2d2}, {0x18a, 5, {}, 0x1c4}};
  use(profile);
  EXPECT_EQ(code(create_primary(p384_area())), 0x2d2U);
  EXPECT_EQ(code(create_primary(p384_area("000b", "0018 000b"))), 0U);
  EXPECT_EQ(code(test_parms("0023 0010 0010 0005 0010")), 0x1c4U) << "instead of TPM_RC_CURVE";
}

TEST_F(FirmwareRefusals, CommandsBeforeAllElse) {
  auto profile = small_firmware();
  profile.commands = {{0x0000017b, 0x2000'0001}};
  use(profile);
  EXPECT_EQ(code(raw::kGetRandom), 0U);
  EXPECT_EQ(code(sign(48)), 0x143U) << "there is no such handle either";
  EXPECT_EQ(code(plain(0x20000001)), 0x143U) << "the engine has it not";
  EXPECT_EQ(code(plain(0x20000002)), 0x143U);
  EXPECT_NE(code(message(0x1234, 0x15d)), 0x143U) << "but for a tag that is none";
}

TEST_F(FirmwareRefusals, RandomOctetsComeByTheDigest) {
  const Bytes ask = plain(0x17b, "0040");
  EXPECT_EQ(send(ask).size(), 10U + 2 + 32);
  EXPECT_EQ(integers(ask, send(ask), "UINT16").at(0), 32U);
  EXPECT_TRUE(raw::is_random(send(raw::kGetRandom)));
}

TEST_F(FirmwareRefusals, MalformedCommandsAreTheEnginesToRefuse) {
  EXPECT_NE(code({0x80}), 0U);
  EXPECT_NE(code(plain(kHash, "0001")), 0U);
  EXPECT_EQ(code(raw::kGetRandom), 0U);
}

}  // namespace
}  // namespace tpmprobe::suites
