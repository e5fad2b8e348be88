// SPDX-License-Identifier: BSD-2-Clause
#include "reports/uses.h"

#include <algorithm>

#include <gmock/gmock.h>

#include "knowledge/uses.h"
#include "reports/assemble.h"

namespace tpmprobe::reports {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

Result result(std::string id, Verdict verdict, std::optional<double> sign_ms = {}) {
  Result made;
  made.id = parse_id(id);
  made.verdict = verdict;
  made.actual = "what was seen";
  made.sign_ms = sign_ms;
  return made;
}

Report report_of(std::vector<Result> results) {
  return report_of(RunFacts{}, std::move(results));
}

const Use& use(const Report& report, std::string_view id) {
  const auto found = std::find_if(report.uses.begin(), report.uses.end(),
                                  [&](const Use& candidate) { return candidate.id == id; });
  EXPECT_NE(found, report.uses.end()) << id;
  return *found;
}

const Finding* finding(const Report& report, std::string_view id) {
  const auto found = std::find_if(report.findings.begin(), report.findings.end(),
                                  [&](const Finding& candidate) { return candidate.id == id; });
  return found == report.findings.end() ? nullptr : &*found;
}

// The origin story as results.
Report without_sha384() {
  Result login = result("ssh.ecdsa-sha2-nistp384", Verdict::fail);
  login.rc = 0x1d5;
  login.command = 0x15d;
  login.cause = "no SHA-384 in this TPM (its largest digest has 32 bytes)";
  login.steps.created = Step::yes;
  Result sign = login;
  sign.id = parse_id("sign.ecdsa-p384-sha384");
  sign.verdict = Verdict::unsupported;
  return report_of({result("key.p256", Verdict::pass), result("key.p384", Verdict::pass),
                    result("ssh.ecdsa-sha2-nistp256", Verdict::pass, 0.3), sign, login});
}

TEST(Uses, CallAKeyTypeUsableOnlyWhenSshAcceptedItsSignature) {
  const Report report = report_of({result("ssh.ecdsa-sha2-nistp256", Verdict::pass, 0.3)});
  EXPECT_EQ(use(report, "ssh.ecdsa-sha2-nistp256").verdict, Usability::usable);
  EXPECT_EQ(use(report, "ssh.ecdsa-sha2-nistp384").verdict, Usability::unknown);
  EXPECT_THAT(use(report, "ssh.ecdsa-sha2-nistp384").reasons.front(), HasSubstr("Not tested"));
}

TEST(Uses, SayOfAKeyThatCanBeMadeAndNotUsedThatItIsATrap) {
  const Report report = without_sha384();
  const Use& p384 = use(report, "ssh.ecdsa-sha2-nistp384");
  EXPECT_EQ(p384.verdict, Usability::not_usable);
  EXPECT_THAT(p384.reasons.front(), HasSubstr("The key can be created but not used"));
  EXPECT_THAT(p384.reasons.front(), HasSubstr("no SHA-384 in this TPM"));
  ASSERT_EQ(report.avoid.size(), 1U);
  EXPECT_EQ(report.avoid.front().use, "ssh.ecdsa-sha2-nistp384");
  ASSERT_EQ(report.recommended.size(), 1U);
  EXPECT_EQ(report.recommended.front().use, "ssh.ecdsa-sha2-nistp256");
}

TEST(Uses, RecommendTheQuickestOnThisTpmFirst) {
  const Report report = report_of({result("ssh.ecdsa-sha2-nistp256", Verdict::pass, 440),
                                   result("ssh.rsa2048.rsa-sha2-256", Verdict::pass, 120),
                                   result("ssh.rsa2048.rsa-sha2-256-raw", Verdict::pass, 130)});
  ASSERT_EQ(report.recommended.size(), 2U);
  EXPECT_EQ(report.recommended.front().use, "ssh.rsa2048");
  EXPECT_EQ(use(report, "ssh.rsa2048").sign_ms, 120);
}

TEST(Uses, AreLimitedWhereOnlyOneKindOfSoftwareCanGetAtTheSignature) {
  const Report report = report_of({result("ssh.rsa2048.rsa-sha2-256", Verdict::unsupported),
                                   result("ssh.rsa2048.rsa-sha2-256-raw", Verdict::pass, 1)});
  EXPECT_EQ(use(report, "ssh.rsa2048").verdict, Usability::limited);
  EXPECT_THAT(report.recommended, IsEmpty());
}

TEST(Uses, NeedOnlyOneOfTheRsaHashes) {
  const Report report = report_of({result("ssh.rsa2048.rsa-sha2-256", Verdict::pass, 1),
                                   result("ssh.rsa2048.rsa-sha2-512", Verdict::unsupported),
                                   result("ssh.rsa2048.rsa-sha2-512-raw", Verdict::pass, 1)});
  EXPECT_EQ(use(report, "ssh.rsa2048").verdict, Usability::usable);
}

TEST(Uses, NeverRecommendWhatIsTooShort) {
  const Report report = report_of({result("ssh.rsa1024.rsa-sha2-256", Verdict::pass, 0.1),
                                   result("ssh.rsa1024.rsa-sha2-256-raw", Verdict::pass, 0.1)});
  EXPECT_THAT(report.recommended, IsEmpty());
  ASSERT_EQ(report.avoid.size(), 1U);
  EXPECT_EQ(report.avoid.front().use, "ssh.rsa1024");
}

TEST(Uses, AreDecidedInAQuickRunByWhatTestParmsSays) {
  Result refused = result("key.rsa4096", Verdict::unsupported);
  refused.cause = "no RSA-4096 in this TPM";
  const Report report = report_of({result("key.rsa3072", Verdict::pass), refused});
  EXPECT_EQ(use(report, "ssh.rsa3072").verdict, Usability::limited);
  EXPECT_EQ(use(report, "ssh.rsa4096").verdict, Usability::not_usable);
  EXPECT_EQ(use(report, "ssh.rsa4096").reasons.front(), "No RSA-4096 in this TPM.");
}

TEST(Uses, StayUnknownWhenSomethingWasInTheWay) {
  const Report report = report_of({result("ssh.ecdsa-sha2-nistp256", Verdict::blocked)});
  EXPECT_EQ(use(report, "ssh.ecdsa-sha2-nistp256").verdict, Usability::unknown);
}

TEST(Uses, HaveARowForEd25519) {
  EXPECT_EQ(use(report_of({}), "ssh.ed25519").verdict, Usability::not_usable);
}

TEST(Findings, NameTheCurveWithoutHashOnceWithAllItsProbes) {
  const Report report = without_sha384();
  const auto* found = finding(report, "Q01");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->severity, Severity::warning);
  EXPECT_THAT(found->advice, HasSubstr("ssh.ecdsa-sha2-nistp256"));
  EXPECT_THAT(found->probes,
              testing::UnorderedElementsAre("sign.ecdsa-p384-sha384", "ssh.ecdsa-sha2-nistp384"));
  EXPECT_EQ(finding(report, "unrecognised"), nullptr);
}

TEST(Findings, ExplainTheCodeWithTheParameterByName) {
  const Report report = without_sha384();
  const auto& login = report.results.back();
  ASSERT_TRUE(login.explanation);
  EXPECT_THAT(*login.explanation, HasSubstr("digest"));
  EXPECT_THAT(*login.explanation, HasSubstr("Cause: no SHA-384 in this TPM"));
  EXPECT_THAT(login.advice.value_or(""), HasSubstr("ssh.ecdsa-sha2-nistp256"));
}

TEST(Findings, CallWhatNobodyKnowsUnrecognised) {
  for (const auto verdict : {Verdict::fail, Verdict::mismatch}) {
    const Report report = report_of({result("sign.ecdsa-p256-sha256", verdict)});
    const auto* found = finding(report, "unrecognised");
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->severity, Severity::warning);
    EXPECT_THAT(found->probes, testing::ElementsAre("sign.ecdsa-p256-sha256"));
  }
}

TEST(Findings, AreNoneWhereEverythingPassesOrIsNotOffered) {
  const Report report =
      report_of({result("key.p256", Verdict::pass), result("key.rsa4096", Verdict::unsupported)});
  EXPECT_THAT(report.findings, IsEmpty());
}

TEST(Findings, TellHowLongALockoutLasts) {
  RunFacts facts;
  facts.tpm.lockout = LockoutState{true, true, 32, 32, 7200, 86400};
  const Report report = report_of(facts, {result("session.open", Verdict::pass)});
  const auto* found = finding(report, "Q13");
  ASSERT_NE(found, nullptr);
  EXPECT_THAT(found->diagnosis, HasSubstr("forgotten within 2 h"));
  EXPECT_THAT(found->advice, HasSubstr("lockout password"));
}

TEST(Findings, TakeFullSlotsForWhatTheyAre) {
  Result blocked = result("key.p256", Verdict::blocked);
  blocked.rc = 0x902;
  const Report report = report_of({result("state.object-slots", Verdict::fail), blocked});
  const auto* found = finding(report, "Q14");
  ASSERT_NE(found, nullptr);
  EXPECT_THAT(found->probes, testing::ElementsAre("state.object-slots", "key.p256"));
  EXPECT_EQ(finding(report, "unrecognised"), nullptr);
}

TEST(Findings, PutTheGravestFirst) {
  RunFacts facts;
  facts.tpm.hierarchies = {{"owner", true, true}};
  const Report report = report_of(facts, {result("session.open", Verdict::pass),
                                          result("sign.ecdsa-p256-sha256", Verdict::timeout)});
  ASSERT_GE(report.findings.size(), 2U);
  EXPECT_EQ(report.findings.front().id, "unrecognised");
  EXPECT_EQ(report.findings.back().id, "Q73");
}

}  // namespace
}  // namespace tpmprobe::reports
