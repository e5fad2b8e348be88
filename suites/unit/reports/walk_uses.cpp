// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>

#include <gmock/gmock.h>

#include "reports/assemble.h"

namespace tpmprobe::reports {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Result step(std::string id, Verdict verdict, std::string cause = "") {
  Result made;
  made.id = parse_id(id);
  made.verdict = verdict;
  made.actual = "what was seen";
  if (!cause.empty()) made.cause = std::move(cause);
  if (verdict != Verdict::pass) made.layer = "TPM";
  return made;
}

Report walked(std::vector<Result> results) {
  return report_of_walk({}, std::move(results));
}

const Use& use(const Report& report, std::string_view id) {
  return *std::ranges::find(report.uses, id,
                            [](const Use& use) { return std::string_view(use.id); });
}

TEST(WalkUses, AKeyThatLogsInOnEveryWayIsUsable) {
  const auto report = walked(
      {step("direct.ecc256.key", Verdict::pass), step("direct.ecc256.login", Verdict::pass),
       step("pkcs11.ecc256.addkey", Verdict::pass), step("pkcs11.ecc256.login", Verdict::pass),
       step("pkcs11.ecc256.agent", Verdict::pass)});
  EXPECT_EQ(use(report, "ssh.ecdsa-sha2-nistp256").verdict, Usability::usable);
  EXPECT_THAT(report.recommended, Contains(Field(&Advice::use, "ssh.ecdsa-sha2-nistp256")));
  EXPECT_THAT(report.findings, IsEmpty());
}

TEST(WalkUses, AKeyThatTheMiddlewareThrowsAwayIsLimited) {
  const auto report =
      walked({step("direct.ecc521.key", Verdict::pass), step("direct.ecc521.login", Verdict::pass),
              step("pkcs11.ecc521.token", Verdict::pass),
              step("pkcs11.ecc521.addkey", Verdict::unsupported, "tpm2_ptool throws it away")});
  const auto& p521 = use(report, "ssh.ecdsa-sha2-nistp521");
  EXPECT_EQ(p521.verdict, Usability::limited);
  EXPECT_THAT(p521.reasons,
              ElementsAre("Works only with some software.", "With TPM2_Sign alone it logs in.",
                          "With tpm2-pkcs11 it does not log in: tpm2_ptool throws it away."));
  EXPECT_THAT(report.recommended, IsEmpty());
}

TEST(WalkUses, AKeyThatIsMadeAndNeverLogsInIsTheTrap) {
  const auto report =
      walked({step("direct.ecc384.key", Verdict::pass),
              step("direct.ecc384.login", Verdict::fail, "no SHA-384 in this TPM"),
              step("pkcs11.ecc384.addkey", Verdict::pass),
              step("pkcs11.ecc384.login", Verdict::fail, "no SHA-384 in this TPM")});
  const auto& p384 = use(report, "ssh.ecdsa-sha2-nistp384");
  EXPECT_EQ(p384.verdict, Usability::not_usable);
  EXPECT_EQ(p384.reasons.front(), "The key can be created but not used: no SHA-384 in this TPM.");
  EXPECT_THAT(report.avoid, ElementsAre(Field(&Advice::use, "ssh.ecdsa-sha2-nistp384")));
}

TEST(WalkUses, AKeyThatTheTpmDoesNotMakeIsNotUsableAndNoTrap) {
  const auto report =
      walked({step("direct.rsa4096.key", Verdict::unsupported, "no RSA-4096 in this TPM")});
  EXPECT_EQ(use(report, "ssh.rsa4096").verdict, Usability::not_usable);
  EXPECT_THAT(report.avoid, IsEmpty());
}

TEST(WalkUses, WhatWasNotTriedOrNotDecidedIsUnknown) {
  const auto report = walked({step("pkcs11.rsa2048.token", Verdict::blocked)});
  EXPECT_EQ(use(report, "ssh.rsa2048").verdict, Usability::unknown);
  EXPECT_THAT(use(report, "ssh.rsa2048").reasons.front(), HasSubstr("Undecided"));
  EXPECT_EQ(use(report, "ssh.rsa3072").reasons.front(), "Not tested in this run.");
  EXPECT_EQ(use(report, "ssh.ed25519").verdict, Usability::not_usable);
}

TEST(WalkFindings, JoinWaysThatEndForTheSameReason) {
  const auto report = walked({step("direct.ecc384.login", Verdict::fail, "no SHA-384"),
                              step("pkcs11.ecc384.login", Verdict::fail, "no SHA-384"),
                              step("pkcs11.rsa2048.login", Verdict::fail, "something else")});
  ASSERT_EQ(report.findings.size(), 2u);
  EXPECT_EQ(report.findings[0].id, "ssh.direct.ecc384");
  EXPECT_EQ(report.findings[0].title,
            "direct.ecc384, pkcs11.ecc384 do not work end to end; the layer that fails is TPM");
  EXPECT_THAT(report.findings[0].probes, ElementsAre("direct.ecc384.login", "pkcs11.ecc384.login"));
  EXPECT_EQ(report.findings[1].title,
            "pkcs11.rsa2048 does not work end to end; the layer that fails is TPM");
}

TEST(WalkFindings, OfAStoreSayWhatIsLost) {
  const auto report = walked({step("store.1.parent", Verdict::fail, "it is not there"),
                              step("store.1.tokens", Verdict::fail, "the TPM was cleared")});
  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_EQ(report.findings[0].id, "store.1");
  EXPECT_EQ(report.findings[0].title, "Keys of the PKCS#11 store cannot be used");
  EXPECT_EQ(report.findings[0].diagnosis, "The TPM was cleared.");
}

}  // namespace
}  // namespace tpmprobe::reports
