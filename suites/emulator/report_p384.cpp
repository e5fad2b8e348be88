// SPDX-License-Identifier: BSD-2-Clause
#include <gmock/gmock.h>

#include "knowledge/quirk/quirk.h"
#include "suites/emulator/report_support.h"

/// The origin story: a key that can be made and then not be used.
namespace tpmprobe::suites {
namespace {

using reports::Usability;
using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::Not;
using testing::Optional;
using testing::StartsWith;

constexpr std::uint32_t kSign = 0x15d, kRcSizeParameter1 = 0x1d5;

class ReportOfP384WithoutSha384 : public ReportTest {
 protected:
  void SetUp() override {
    ReportTest::SetUp();
    auto only = kEccAndRsa;
    only.insert(only.end(), {"key.rsa2048", "ssh.rsa2048.*"});
    outcome_ = &run({.only = only, .rules = knowledge::find_quirk("Q01")->rules});
  }
  const reports::Report& report() { return outcome_->report; }
  std::vector<std::string> passes() { return with_verdict(report(), Verdict::pass); }

  const Outcome* outcome_ = nullptr;
};

TEST_F(ReportOfP384WithoutSha384, KeepsTheCodeOfTheSignatureAndNamesTheDigest) {
  EXPECT_THAT(passes(), Contains("key.p384"));
  const auto& [result, explanation, advice] = reported(report(), "sign.ecdsa-p384-sha384");
  EXPECT_EQ(result.verdict, Verdict::unsupported);
  EXPECT_EQ(result.rc, kRcSizeParameter1);
  EXPECT_EQ(result.command, kSign);
  EXPECT_EQ(result.steps.created, Step::yes);
  EXPECT_EQ(result.steps.signed_, Step::no);
  EXPECT_THAT(result.cause, Optional(HasSubstr("no SHA-384 in this TPM")));
  EXPECT_THAT(explanation, Optional(AllOf(HasSubstr("digest"), HasSubstr("no SHA-384"))));
  EXPECT_THAT(advice, Optional(HasSubstr("ecdsa-sha2-nistp256")));
}

TEST_F(ReportOfP384WithoutSha384, CallsTheKeyTypeNotUsableAndRecommendsAnother) {
  const auto& login = result_of(report(), "ssh.ecdsa-sha2-nistp384");
  EXPECT_EQ(login.verdict, Verdict::quirk);
  EXPECT_EQ(login.quirk, "Q01");
  EXPECT_EQ(login.rc, kRcSizeParameter1);
  EXPECT_EQ(use_of(report(), "ssh.ecdsa-sha2-nistp384").verdict, Usability::not_usable);
  ASSERT_FALSE(report().recommended.empty());
  EXPECT_EQ(report().recommended.front().use, "ssh.ecdsa-sha2-nistp256");
  EXPECT_THAT(uses_of(report().recommended), Not(Contains("ssh.ecdsa-sha2-nistp384")));
  EXPECT_THAT(uses_of(report().avoid), Contains("ssh.ecdsa-sha2-nistp384"));
}

TEST_F(ReportOfP384WithoutSha384, HasAFindingThatSaysItAll) {
  EXPECT_EQ(report().invocation.exit_code, kExitFindings);
  const auto& finding = finding_of(report(), "Q01");
  EXPECT_EQ(finding.severity, reports::Severity::warning);
  EXPECT_THAT(finding.diagnosis, HasSubstr("No SHA-384 in this TPM"));
  EXPECT_THAT(finding.advice, HasSubstr("ecdsa-sha2-nistp256"));
  EXPECT_THAT(finding.probes,
              AllOf(Contains("sign.ecdsa-p384-sha384"), Contains("ssh.ecdsa-sha2-nistp384")));
}

// The firmware has no SHA-512 either, and ssh wants that one of P-521.
TEST_F(ReportOfP384WithoutSha384, RaisesNoAlarmElsewhere) {
  EXPECT_THAT(findings(report()), testing::ElementsAre("Q01"));
  EXPECT_THAT(troubles(report()),
              testing::UnorderedElementsAre("ssh.ecdsa-sha2-nistp384", "ssh.ecdsa-sha2-nistp521"));
  EXPECT_THAT(passes(), testing::IsSupersetOf(
                            {"sign.ecdsa-p256-sha256", "sign.ecdsa-p256-sha1",
                             "sign.ecdsa-p384-sha256", "sign.ecdsa-p521-sha256",
                             "sign.ecschnorr-p384-sha256", "sign.rsassa-rsa1024-sha256",
                             "sign.rsapss-rsa1024-sha1", "ssh.ecdsa-sha2-nistp256", "key.p521",
                             "ssh.rsa2048.rsa-sha2-256", "ssh.rsa2048.rsa-sha2-256-raw"}));
}

TEST_F(ReportOfP384WithoutSha384, StillLogsInWithSha512WhereThePaddingIsMadeOutside) {
  EXPECT_THAT(passes(), Contains("ssh.rsa2048.rsa-sha2-512-raw"));
  EXPECT_EQ(result_of(report(), "ssh.rsa2048.rsa-sha2-512").verdict, Verdict::unsupported);
  EXPECT_EQ(use_of(report(), "ssh.rsa2048").verdict, Usability::usable);
}

}  // namespace
}  // namespace tpmprobe::suites
