// SPDX-License-Identifier: BSD-2-Clause
#include <gmock/gmock.h>

#include "knowledge/command_codes.h"
#include "knowledge/evidence.h"
#include "knowledge/quirk/quirk.h"
#include "suites/emulator/report_support.h"

/// Signatures with keys whose private half is known.
namespace tpmprobe::suites {
namespace {

namespace cc = knowledge::cc;
namespace evidence = knowledge::evidence;
using knowledge::AnswerCode;
using knowledge::Change;
using knowledge::NonceShape;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

const std::string kZero = "sign.known.rsa2048-leading-zero", kNonces = "sign.known.p256-nonces";

class ReportOfKnownKeys : public ReportTest {
 protected:
  const reports::Report& with_rules(std::vector<knowledge::Rule> rules) {
    return run({.only = {"sign.known.*"}, .rules = std::move(rules)}).report;
  }
  /// Reports of a TPM that does this at every TPM2_Sign.
  const reports::Report& with_fault_of_sign(knowledge::QuirkEffect effect) {
    return with_rules({{{.commands = {cc::kSign}}, std::move(effect)}});
  }
  static void expect_fault(const Result& result, std::vector<std::string> words) {
    EXPECT_THAT(result.evidence, testing::UnorderedElementsAreArray(words)) << result.actual;
    EXPECT_THAT(result.verdict, testing::AnyOf(Verdict::fail, Verdict::quirk)) << result.actual;
  }
};

TEST_F(ReportOfKnownKeys, PassesOnACleanTpmAndLeavesNothingLoaded) {
  const auto& report = with_rules({});
  for (const auto& id : {kZero, kNonces}) {
    const auto& result = result_of(report, id);
    EXPECT_EQ(result.verdict, Verdict::pass) << result.actual;
    EXPECT_THAT(result.verified_by, ElementsAre(StartsWith("OpenSSL 3")));
    EXPECT_THAT(result.evidence, IsEmpty());
  }
  EXPECT_EQ(result_of(report, kZero).tpm_commands, 3);
  EXPECT_EQ(result_of(report, kNonces).tpm_commands, 6);
  EXPECT_THAT(findings(report), IsEmpty());
  EXPECT_THAT(loaded(), IsEmpty());
}

// Two slots besides the primary would be three: some TPMs have no more.
TEST_F(ReportOfKnownKeys, NeedsOneSlotBesideThePrimary) {
  std::size_t most = 0;
  const auto& report = run({.only = {"key.p256", "sign.known.*"},
                            .sent = [&](std::size_t) { most = std::max(most, loaded().size()); }})
                           .report;
  EXPECT_EQ(result_of(report, kNonces).verdict, Verdict::pass);
  EXPECT_EQ(most, 2U);
}

TEST_F(ReportOfKnownKeys, AreUnsupportedWhereNoPrivateHalfIsTakenInPlain) {
  // TPM_RC_ATTRIBUTES of the second parameter, TPM_RC_TYPE, TPM_RC_SENSITIVE, TPM_RC_BINDING.
  for (const std::uint32_t rc : {0x2c2U, 0x2caU, 0x155U, 0x1e5U}) {
    const auto& report = with_rules({{{.commands = {cc::kLoadExternal}}, AnswerCode{rc}}});
    for (const auto& id : {kZero, kNonces}) {
      EXPECT_EQ(result_of(report, id).verdict, Verdict::unsupported) << id;
      EXPECT_EQ(result_of(report, id).rc, rc) << id;
      EXPECT_EQ(result_of(report, id).command, cc::kLoadExternal) << id;
    }
    EXPECT_THAT(findings(report), IsEmpty()) << outline(report);
  }
}

TEST_F(ReportOfKnownKeys, AreNotTriedOnATpmWithoutTheCommand) {
  const auto& report = with_rules(
      {{{}, knowledge::HideCapability{knowledge::CapabilityList::commands, {cc::kLoadExternal}}}});
  for (const auto& id : {kZero, kNonces}) {
    EXPECT_EQ(result_of(report, id).verdict, Verdict::unsupported) << id;
    EXPECT_EQ(result_of(report, id).tpm_commands, 0) << id;
  }
}

TEST_F(ReportOfKnownKeys, SeeRsaSignaturesThatLoseTheirZero) {
  const auto& report = with_fault_of_sign(
      knowledge::ChangeResponse{"signature...sig.buffer", Change::strip_leading_zeros});
  expect_fault(result_of(report, kZero), {std::string(evidence::kRsaShort)});
  EXPECT_EQ(result_of(report, kNonces).verdict, Verdict::pass);
}

TEST_F(ReportOfKnownKeys, SeeSignaturesOverAnotherDigest) {
  const auto& report =
      with_fault_of_sign(knowledge::ChangeCommand{"digest.buffer", Change::flip_bit});
  expect_fault(result_of(report, kZero), {std::string(evidence::kSignatureOtherDigest)});
  expect_fault(result_of(report, kNonces), {std::string(evidence::kSignatureWrong)});
}

TEST_F(ReportOfKnownKeys, SeeNoncesWithFixedLowBits) {
  const auto& report = with_fault_of_sign(knowledge::ReSignEcc{NonceShape::low_bits_fixed, 32});
  expect_fault(result_of(report, kNonces), {std::string(evidence::kNonceLowBits)});
  EXPECT_EQ(result_of(report, kZero).verdict, Verdict::pass);
}

TEST_F(ReportOfKnownKeys, SeeShortNonces) {
  const auto& report = with_fault_of_sign(knowledge::ReSignEcc{NonceShape::short_number, 64});
  expect_fault(result_of(report, kNonces), {std::string(evidence::kNonceShort)});
  EXPECT_EQ(result_of(report, kZero).verdict, Verdict::pass);
}

}  // namespace
}  // namespace tpmprobe::suites
