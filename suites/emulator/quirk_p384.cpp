// SPDX-License-Identifier: BSD-2-Clause
#include <gmock/gmock.h>

#include "emulator/embedded_tpm.h"
#include "knowledge/quirk/quirk.h"
#include "suites/emulator/quirk_support.h"

/// Q01 on the embedded TPM: everything that can be seen of a firmware with P-384 and without
/// SHA-384, and everything else as it was.
namespace tpmprobe::suites {
namespace {

using testing::Contains;
using testing::Not;

constexpr std::uint32_t kCreatePrimary = 0x131, kSign = 0x15d, kVerifySignature = 0x177,
                        kHash = 0x17d, kTestParms = 0x18a;

/// TPM2B_DIGEST of this many octets.
std::string digest(std::size_t size) {
  const std::string digits = "0123456789abcdef";
  return std::string("00") + digits[size >> 4U] + digits[size & 15U] + std::string(2 * size, '5');
}

/// TPM2_CreatePrimary of a P-384 signing key in the null hierarchy: noDA, userWithAuth,
/// sensitiveDataOrigin, sign; nameAlg and scheme as given.
Bytes create_primary(const std::string& name_alg, const std::string& scheme) {
  const std::string area =
      "0023" + name_alg + "00040460 0000 0010" + scheme + "0004 0010 0000 0000";
  const Bytes octets = hex(area);
  Bytes size(2);
  tpm::header::store(size, 0, 2, octets.size());
  Bytes command = authorized(kCreatePrimary, "40000007", "0004 0000 0000");
  command.insert(command.end(), size.begin(), size.end());
  command.insert(command.end(), octets.begin(), octets.end());
  const Bytes rest = hex("0000 00000000");
  command.insert(command.end(), rest.begin(), rest.end());
  tpm::header::store(command, tpm::header::kSizeOffset, 4, command.size());
  return command;
}

const std::string kSha256 = "000b", kSha384 = "000c", kNoScheme = "0010",
                  kEcdsaSha256 = "0018 000b", kEcdsaSha384 = "0018 000c",
                  kNoTicket = "8024 40000007 0000";

class P384WithoutSha384 : public testing::Test {
 protected:
  void SetUp() override {
    auto embedded = emulator::EmbeddedTpm::create();
    ASSERT_TRUE(embedded) << embedded.error().message;
    tpm = std::make_unique<emulator::QuirkLayer>(std::move(*embedded),
                                                 std::vector{*knowledge::find_quirk("Q01")}, clock);
  }
  Bytes send(const Bytes& command) {
    auto response = tpm->transmit(command, tpm::kNoDeadline);
    return response ? *response : Bytes{};
  }
  std::uint32_t code(const Bytes& command) { return knowledge::response_code(send(command)); }
  void make_key() { ASSERT_EQ(code(create_primary(kSha256, kNoScheme)), 0U); }
  Bytes sign(std::size_t size, const std::string& scheme) {
    return authorized(kSign, "80000000", digest(size) + scheme + kNoTicket);
  }

  ManualClock clock;
  tpm::TransportPtr tpm;
};

TEST_F(P384WithoutSha384, OffersTheCurveAndNotTheHashes) {
  const Bytes curves = get_capability(8, 0, 100);
  EXPECT_THAT(integers(curves, send(curves), "TPM_ECC_CURVE"), Contains(0x0004));
  const Bytes algorithms = get_capability(0, 0, 100);
  const auto offered = integers(algorithms, send(algorithms), "TPM_ALG_ID");
  EXPECT_THAT(offered, Contains(0x000b));
  EXPECT_THAT(offered, Not(Contains(0x000c)));
  EXPECT_THAT(offered, Not(Contains(0x000d)));
  const Bytes banks = get_capability(5, 0, 100);
  EXPECT_THAT(integers(banks, send(banks), "TPMI_ALG_HASH"), Not(Contains(0x000c)));
}

TEST_F(P384WithoutSha384, HasNoDigestLongerThan32Octets) {
  const Bytes ask = get_capability(6, 0x120, 1);
  EXPECT_EQ(integers(ask, send(ask), "UINT32").at(1), 32U);
}

TEST_F(P384WithoutSha384, MakesTheKeyAndRefusesTheDigestOfSsh) {
  make_key();
  EXPECT_EQ(send(sign(48, kEcdsaSha384)), hex("8001 0000000a 000001d5"));
  EXPECT_EQ(code(sign(64, kEcdsaSha256)), 0x1d5U);
}

TEST_F(P384WithoutSha384, SignsShorterDigestsWithTheSameKey) {
  make_key();
  EXPECT_EQ(code(sign(32, kEcdsaSha256)), 0U);
}

TEST_F(P384WithoutSha384, RefusesTheHashesByTheNumberOfTheirParameter) {
  make_key();
  EXPECT_EQ(code(sign(32, kEcdsaSha384)), 0x2c3U);
  EXPECT_EQ(code(plain(kHash, "0000 000c 40000007")), 0x2c3U);
  EXPECT_EQ(code(plain(kTestParms, "0023 0010 0018 000c 0004 0010")), 0x1c3U);
  EXPECT_EQ(code(create_primary(kSha256, kEcdsaSha384)), 0x2c3U);
  EXPECT_EQ(code(create_primary(kSha384, kNoScheme)), 0x2c3U);
  EXPECT_EQ(code(plain(kVerifySignature, "80000000" + digest(48) + "0018 000c 0000 0000")), 0x1d5U);
  EXPECT_EQ(code(plain(kVerifySignature, "80000000" + digest(32) + "0018 000c 0000 0000")), 0x2c3U);
}

TEST_F(P384WithoutSha384, IsOtherwiseTheTpmThatItWas) {
  EXPECT_EQ(code(plain(kHash, "0000 000b 40000007")), 0U);
  EXPECT_EQ(code(plain(kTestParms, "0023 0010 0018 000b 0004 0010")), 0U);
  EXPECT_EQ(code(plain(0x17b, "0008")), 0U);
}

}  // namespace
}  // namespace tpmprobe::suites
