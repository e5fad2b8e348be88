// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "suites/emulator/quirk_support.h"
#include "suites/emulator/report_support.h"

/// Reports on a TPM that misbehaves: each fault ends in a verdict, and in nothing else.
namespace tpmprobe::suites {
namespace {

using emulator::AnswerCode;
using emulator::Condition;
using reports::Usability;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;
using testing::Optional;
using testing::StartsWith;

constexpr std::uint32_t kCreate = 0x153, kSign = 0x15d, kGetCapability = 0x17a, kTestParms = 0x18a;
constexpr std::uint32_t kRcRetry = 0x922, kRcTesting = 0x90a, kRcFailure = 0x101;

// What identity, capabilities and the P-256 family come to on this TPM without a fault.
const std::vector<std::string> kP256{"identity", "capability.*", "key.p256", "sign.*-p256-*",
                                     "ssh.ecdsa-sha2-nistp256"};

class ReportOfFault : public ReportTest {
 protected:
  const reports::Report& report_with(Condition when, emulator::Effect effect,
                                     std::vector<std::string> only = kP256) {
    last_ = &run({.only = std::move(only), .rules = {{std::move(when), std::move(effect)}}});
    return last_->report;
  }
  /// TPM2_GetCapability for this TPM_CAP.
  static Condition list(std::uint32_t capability) {
    return {.commands = {kGetCapability},
            .values = {{.path = "capability", .values = {capability}}}};
  }
  /// Not one probe, and the TPM never said anything: the verdict is that of `session.open`.
  void expect_unreachable(const reports::Report& report, Verdict verdict, int exit_code) {
    EXPECT_EQ(report.invocation.exit_code, exit_code);
    ASSERT_EQ(report.results.size(), 1U);
    EXPECT_EQ(result_of(report, "session.open").verdict, verdict);
    EXPECT_THAT(findings(report), Not(IsEmpty()));
    for (const auto& finding : report.findings) {
      EXPECT_THAT(finding.probes, ElementsAre("session.open")) << finding.id;
    }
    EXPECT_EQ(use_of(report, "ssh.ecdsa-sha2-nistp256").verdict, Usability::unknown);
    EXPECT_LE(last_->wire.size(), 30U);
  }

  const Outcome* last_ = nullptr;
};

TEST_F(ReportOfFault, MoreDataForEverInTheAlgorithmsIsAFaultOfThatListAlone) {
  const auto& report = report_with(list(0), emulator::RepeatAnswer{true});
  EXPECT_EQ(report.invocation.exit_code, kExitFindings);
  EXPECT_THAT(troubles(report), ElementsAre("capability.algorithms"));
  EXPECT_EQ(result_of(report, "capability.algorithms").verdict, Verdict::fail);
  EXPECT_THAT(findings(report), ElementsAre("unrecognised"));
  EXPECT_LT(last_->wire.size(), 200U);
}

TEST_F(ReportOfFault, MoreDataForEverInThePropertiesIsAFaultOfThoseListsAlone) {
  const auto& report = report_with(list(6), emulator::RepeatAnswer{true});
  EXPECT_EQ(report.invocation.exit_code, kExitFindings);
  EXPECT_THAT(troubles(report), IsSupersetOf({"capability.properties-variable"}));
  EXPECT_THAT(troubles(report), Each(StartsWith("capability.properties-")));
  EXPECT_THAT(with_verdict(report, Verdict::pass), Contains("ssh.ecdsa-sha2-nistp256"));
}

TEST_F(ReportOfFault, RetryForEverIsGivenUp) {
  expect_unreachable(report_with({}, AnswerCode{kRcRetry}), Verdict::timeout, kExitIncomplete);
  EXPECT_THAT(findings(last_->report), ElementsAre("Q09"));
  EXPECT_EQ(result_of(last_->report, "session.open").rc, kRcRetry);
}

TEST_F(ReportOfFault, RetryForEverOfOneCommandEndsTheRunWithWhatIsKnown) {
  const auto& report = report_with({.commands = {kSign}}, AnswerCode{kRcRetry});
  EXPECT_EQ(report.invocation.exit_code, kExitIncomplete);
  EXPECT_THAT(findings(report), ElementsAre("Q09"));
  EXPECT_THAT(troubles(report), AllOf(Not(IsEmpty()), Each(StartsWith("sign."))));
  EXPECT_THAT(with_verdict(report, Verdict::pass), IsSupersetOf({"key.p256", "session.close"}));
  EXPECT_THAT(loaded(), IsEmpty());
}

TEST_F(ReportOfFault, ABusyTpmIsNoFault) {
  const auto& retry =
      report_with({.commands = {kSign}, .calls = {.count = 3}}, AnswerCode{kRcRetry});
  EXPECT_EQ(retry.invocation.exit_code, kExitOk);
  EXPECT_THAT(troubles(retry), IsEmpty());
  EXPECT_THAT(findings(retry), ElementsAre("Q08"));
  const auto& testing_itself = report_with({.calls = {.count = 20}}, AnswerCode{kRcTesting});
  EXPECT_EQ(testing_itself.invocation.exit_code, kExitOk);
  EXPECT_THAT(troubles(testing_itself), IsEmpty());
}

TEST_F(ReportOfFault, NoAnswerAtAllIsATimeout) {
  expect_unreachable(report_with({}, emulator::NeverAnswer{}), Verdict::timeout, kExitIncomplete);
  EXPECT_THAT(findings(last_->report), ElementsAre("Q62"));
  EXPECT_EQ(last_->wire.size(), 1U) << "who does not answer once is not asked all over again";
}

TEST_F(ReportOfFault, NoAnswerToTheSignatureIsATimeoutOfTheSignature) {
  const auto& report = report_with({.commands = {kSign}}, emulator::NeverAnswer{});
  EXPECT_EQ(report.invocation.exit_code, kExitIncomplete);
  EXPECT_THAT(findings(report), ElementsAre("Q62"));
  EXPECT_THAT(with_verdict(report, Verdict::pass), Contains("key.p256"));
  EXPECT_THAT(with_verdict(report, Verdict::timeout), Contains("sign.ecdsa-p256-sha256"));
  EXPECT_THAT(troubles(report), Each(StartsWith("sign.ecdsa-p256-")));
  EXPECT_THAT(loaded(), IsEmpty());
}

TEST_F(ReportOfFault, NoAnswerFromAnyMomentOnEndsSoonAndIsIncomplete) {
  const std::size_t whole = run({.only = {"key.p256", "sign.ecdsa-p256-sha256"}}).wire.size();
  ASSERT_GT(whole, 4U);
  for (unsigned n = 1; n + 3 < whole; ++n) {
    SCOPED_TRACE(n);
    const auto& report = report_with({.calls = {.from = n}}, emulator::NeverAnswer{},
                                     {"key.p256", "sign.ecdsa-p256-sha256"});
    EXPECT_EQ(report.invocation.exit_code, kExitIncomplete);
    EXPECT_THAT(with_verdict(report, Verdict::fail), IsEmpty());
    EXPECT_THAT(findings(report), Contains("Q62"));
    EXPECT_LE(last_->wire.size(), n + 8);
    for (const auto handle : loaded()) {
      send(message(tpm::header::kNoSessions, 0x165, fmt::format("{:08x}", handle)));
    }
  }
}

TEST_F(ReportOfFault, AClosedConnectionIsNoFaultOfTheTpm) {
  expect_unreachable(report_with({}, emulator::CloseConnection{}), Verdict::error, kExitNoTpm);
  EXPECT_THAT(findings(last_->report), ElementsAre("Q65"));
}

TEST_F(ReportOfFault, AConnectionClosedInTheMiddleKeepsWhatWasFound) {
  const auto& report = report_with({.calls = {.from = 27}}, emulator::CloseConnection{});
  EXPECT_EQ(report.invocation.exit_code, kExitFindings);
  // What was loaded then can no longer be flushed: that is the other one.
  EXPECT_THAT(findings(report), ElementsAre("Q65", "not-decided"));
  EXPECT_THAT(with_verdict(report, Verdict::pass), Contains("sign.ecdsa-p256-sha256"));
  EXPECT_THAT(troubles(report), Contains("ssh.ecdsa-sha2-nistp256"));
  EXPECT_THAT(with_verdict(report, Verdict::fail), IsEmpty());
  EXPECT_EQ(use_of(report, "ssh.ecdsa-sha2-nistp256").verdict, Usability::unknown);
}

TEST_F(ReportOfFault, ImpossibleAnswersAreFailuresAndNotData) {
  const std::vector<emulator::Effect> damages{
      emulator::Truncate{3},       emulator::Truncate{3, true},     emulator::Append{{0, 0}},
      emulator::Append{{0}, true}, emulator::SetTag{0x1234},        emulator::SetTag{0x00c4},
      emulator::SetSize{4096},     emulator::Truncate{1000, false}, emulator::Echo{}};
  for (const auto& damage : damages) {
    SCOPED_TRACE(damage.index());
    const auto& report = report_with({}, damage);
    const auto& opened = result_of(report, "session.open");
    expect_unreachable(report, opened.quirk ? Verdict::quirk : Verdict::fail, kExitNoTpm);
  }
}

TEST_F(ReportOfFault, AnImpossibleAnswerToOneListIsAFailureOfThatListAlone) {
  Condition fixed_properties = list(6);
  fixed_properties.values.push_back({.path = "property", .values = {0x100}});
  const auto& report = report_with(fixed_properties, emulator::Truncate{3});
  EXPECT_EQ(report.invocation.exit_code, kExitFindings);
  EXPECT_EQ(troubles(report),
            (std::vector<std::string>{"identity", "capability.properties-fixed"}));
  EXPECT_THAT(with_verdict(report, Verdict::pass), Contains("ssh.ecdsa-sha2-nistp256"));
}

TEST_F(ReportOfFault, ATpm12AndAnEchoAreNamed) {
  EXPECT_THAT(result_of(report_with({}, emulator::SetTag{0x00c4}), "session.open").actual,
              HasSubstr("TPM 1.2"));
  EXPECT_THAT(result_of(report_with({}, emulator::Echo{}), "session.open").actual,
              HasSubstr("echo"));
}

TEST_F(ReportOfFault, AnImpossibleSignatureIsAFailureOfTheSignaturesAlone) {
  for (const emulator::Effect& damage :
       {emulator::Effect(emulator::Truncate{1, true}), emulator::Effect(emulator::Echo{})}) {
    const auto& report = report_with({.commands = {kSign}}, damage);
    EXPECT_EQ(report.invocation.exit_code, kExitFindings);
    EXPECT_THAT(findings(report), AllOf(Not(IsEmpty()), Not(Contains("unrecognised"))));
    EXPECT_EQ(troubles(report), with_verdict(report, Verdict::quirk));
    EXPECT_THAT(with_verdict(report, Verdict::pass), IsSupersetOf({"key.p256", "session.close"}));
    EXPECT_EQ(result_of(report, "sign.ecdsa-p256-sha256").verdict, Verdict::quirk);
    EXPECT_EQ(use_of(report, "ssh.ecdsa-sha2-nistp256").verdict, Usability::not_usable);
    EXPECT_THAT(loaded(), IsEmpty());
  }
}

// TPM2_GetTestResult says that the TPM is well: then it is this command that is not.
TEST_F(ReportOfFault, TheCodeOfFailureModeWithoutItIsAFailureOfThatCommand) {
  const auto& report = report_with({.commands = {kSign}}, AnswerCode{kRcFailure});
  EXPECT_EQ(report.invocation.exit_code, kExitFindings);
  EXPECT_FALSE(report.tpm.failure_mode);
  EXPECT_EQ(result_of(report, "sign.ecdsa-p256-sha256").verdict, Verdict::fail);
  EXPECT_EQ(result_of(report, "sign.ecdsa-p256-sha256").rc, kRcFailure);
  EXPECT_THAT(with_verdict(report, Verdict::pass), IsSupersetOf({"key.p256", "session.close"}));
  EXPECT_THAT(findings(report), ElementsAre("unrecognised"));
}

TEST_F(ReportOfFault, ATpmWithoutTestParmsLacksNothingElse) {
  const auto& report =
      run({.only = kEccAndRsa,
           .rules = {{{.commands = {kTestParms}}, AnswerCode{0x143}},
                     {{},
                      emulator::HideCapability{emulator::CapabilityList::commands, {kTestParms}}}}})
          .report;
  EXPECT_EQ(report.invocation.exit_code, kExitOk);
  EXPECT_THAT(troubles(report), IsEmpty());
  EXPECT_THAT(findings(report), ElementsAre("Q07"));
  EXPECT_THAT(with_verdict(report, Verdict::pass),
              IsSupersetOf({"key.p256", "sign.ecdsa-p521-sha512", "sign.rsapss-rsa1024-sha256"}));
}

TEST_F(ReportOfFault, AnRsaSizeThatTheTpmDoesNotClaimIsUnsupported) {
  const Condition size{
      .commands = {kTestParms},
      .values = {{.path = "...keyBits", .values = {3072}, .type = "TPMI_RSA_KEY_BITS"}}};
  Condition created = size;
  created.commands = {kCreate};
  const auto& report = run({.only = {"*rsa3072*", "*rsa1024*"},
                            .rules = {{size, AnswerCode{0x1c4}}, {created, AnswerCode{0x2c4}}}})
                           .report;
  EXPECT_EQ(report.invocation.exit_code, kExitOk);
  EXPECT_THAT(troubles(report), IsEmpty());
  EXPECT_THAT(findings(report), ElementsAre("Q02"));
  for (const char* id : {"key.rsa3072", "sign.rsassa-rsa3072-sha256", "ssh.rsa3072.rsa-sha2-512"}) {
    EXPECT_EQ(result_of(report, id).verdict, Verdict::unsupported) << id;
    EXPECT_EQ(result_of(report, id).rc, 0x2c4U) << id;
  }
  EXPECT_THAT(result_of(report, "key.rsa3072").cause, Optional(HasSubstr("no RSA-3072")));
  EXPECT_EQ(use_of(report, "ssh.rsa3072").verdict, Usability::not_usable);
  EXPECT_THAT(with_verdict(report, Verdict::pass), Contains("sign.rsassa-rsa1024-sha256"));
}

TEST_F(ReportOfFault, ACurveThatIsListedAndCannotBeMadeIsAMismatch) {
  const auto& report =
      report_with({.commands = {kCreate},
                   .values = {{.path = "...curveID", .values = {4}, .type = "TPMI_ECC_CURVE"}}},
                  AnswerCode{0x2e6}, kEcc);
  EXPECT_EQ(report.invocation.exit_code, kExitFindings);
  EXPECT_EQ(result_of(report, "key.p384").verdict, Verdict::mismatch);
  EXPECT_EQ(result_of(report, "key.p384").rc, 0x2e6U);
  EXPECT_THAT(troubles(report), Each(HasSubstr("p384")));
  EXPECT_THAT(findings(report), ElementsAre("unrecognised"));
  EXPECT_THAT(finding_of(report, "unrecognised").probes, Contains("key.p384"));
  EXPECT_EQ(use_of(report, "ssh.ecdsa-sha2-nistp384").verdict, Usability::not_usable);
  EXPECT_THAT(uses_of(report.recommended), Not(Contains("ssh.ecdsa-sha2-nistp384")));
  EXPECT_THAT(with_verdict(report, Verdict::pass),
              IsSupersetOf({"ssh.ecdsa-sha2-nistp256", "ssh.ecdsa-sha2-nistp521"}));
}

}  // namespace
}  // namespace tpmprobe::suites
