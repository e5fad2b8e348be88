// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "suites/emulator/quirk_support.h"
#include "suites/emulator/report_support.h"

/// A TPM in dictionary-attack lockout (Part 1, 19.8), brought there by wrong passwords.
namespace tpmprobe::suites {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;

constexpr std::uint32_t kLockoutCounter = 0x20e, kRcLockout = 0x921, kRcAuthFail = 0x98e,
                        kRcRetry = 0x922;

class ReportOfLockout : public ReportTest {
 protected:
  void SetUp() override {
    ReportTest::SetUp();
    // A P-256 signing key with the password "a", and without noDA.
    ASSERT_EQ(code(authorized(0x131, "40000001",
                              "0005 0001 61 0000 0018 0023 000b 00040072 0000 0010 0018 000b"
                              "0003 0010 0000 0000 0000 00000000")),
              0U);
    for (int tries = 0; tries < 3; ++tries) ASSERT_EQ(sign_with_wrong_password(), kRcAuthFail);
    ASSERT_EQ(sign_with_wrong_password(), kRcLockout);
    ASSERT_EQ(code(plain(0x165, "80000000")), 0U);
  }

  /// The first use of a protected object is answered by TPM_RC_RETRY while the TPM writes that
  /// down.
  std::uint32_t sign_with_wrong_password() {
    const Bytes command = message(tpm::header::kSessions, 0x15d,
                                  "80000000 0000000a 40000009 0000 01 0001 62 0020" +
                                      std::string(64, '5') + "0010 8024 40000007 0000");
    const auto first = code(command);
    return first == kRcRetry ? code(command) : first;
  }
};

TEST_F(ReportOfLockout, SignsAllTheSame) {
  const auto& report = run({.only = kEccAndRsa}).report;
  EXPECT_THAT(troubles(report), ElementsAre("state.lockout"));
  EXPECT_THAT(with_verdict(report, Verdict::blocked), IsEmpty());
  EXPECT_THAT(with_verdict(report, Verdict::pass),
              IsSupersetOf({"sign.ecdsa-p256-sha256", "sign.ecdaa-p384-sha384",
                            "sign.rsapss-rsa1024-sha256", "ssh.ecdsa-sha2-nistp521"}));
}

TEST_F(ReportOfLockout, IsAFindingWithTheTimeToWait) {
  const auto& report = run({.only = kEcc}).report;
  EXPECT_EQ(report.invocation.exit_code, kExitFindings);
  EXPECT_THAT(findings(report), ElementsAre("Q13"));
  EXPECT_THAT(
      finding_of(report, "Q13").diagnosis,
      AllOf(HasSubstr("3 of 3 failed attempts"), HasSubstr("16 min 40 s"), HasSubstr("50 min")));
  ASSERT_TRUE(report.tpm.lockout);
  EXPECT_TRUE(report.tpm.lockout->in_lockout);
}

TEST_F(ReportOfLockout, IsNotProlonged) {
  const auto before = property(kLockoutCounter);
  EXPECT_EQ(before, 3U);
  for (const Sent& sent : run({.only = kEccAndRsa}).wire) {
    EXPECT_NE(sent.rc, kRcLockout) << fmt::format("{:#x}", sent.command);
    EXPECT_NE(sent.rc, kRcAuthFail) << fmt::format("{:#x}", sent.command);
  }
  EXPECT_EQ(property(kLockoutCounter), before);
}

}  // namespace
}  // namespace tpmprobe::suites
