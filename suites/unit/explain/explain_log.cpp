// SPDX-License-Identifier: BSD-2-Clause
#include <gmock/gmock.h>

#include "explain/log.h"

namespace tpmprobe::explain {
namespace {

using knowledge::CauseClass;
using knowledge::RcSeverity;

ExplainedText read(std::initializer_list<std::string_view> lines) {
  LogExplainer explainer;
  for (const auto line : lines) explainer.read_line(line);
  return std::move(explainer).finish();
}

TEST(LogExplainer, JoinsTheLinesOfOneFailure) {
  const auto text = read({"nothing", "Esys_Sign() Esys Finish ErrorCode (0x000001d5)",
                          "ERROR: tpm:parameter(1):structure is the wrong size", "nothing"});
  ASSERT_EQ(text.explanations.size(), 1U);
  EXPECT_EQ(text.explanations[0].count, 2U);
  EXPECT_EQ(text.explanations[0].first_line, 2U);
  EXPECT_EQ(text.explanations[0].last_line, 3U);
  EXPECT_EQ(text.explanations[0].explanation.place_name, "digest");
}

TEST(LogExplainer, LearnsTheCommandFromALaterLine) {
  const auto text = read({"ErrorCode (0x000001d5)", "ERROR: Eys_Sign(0x1D5)"});
  ASSERT_EQ(text.explanations.size(), 1U);
  EXPECT_EQ(text.explanations[0].explanation.command->name, "Sign");
  EXPECT_EQ(text.explanations[0].text, "ErrorCode (0x000001d5)");
}

TEST(LogExplainer, KeepsCommandsApart) {
  EXPECT_EQ(read({"Esys_Load(0x902)", "Esys_Create(0x902)"}).explanations.size(), 2U);
}

TEST(LogExplainer, PointsAtTheFirstRealError) {
  EXPECT_EQ(read({"Fapi_List() ErrorCode (0x00060034)", "Esys_TR_Close(0x70018)",
                  "Esys_Sign(0x1D5)", "Esys_Load(0x902)"})
                .primary,
            2U);
  EXPECT_EQ(read({"Esys_StartAuthSession(0x903)", "Esys_TR_Close(0x70018)"}).primary, 0U);
  EXPECT_EQ(read({"ErrorCode: 0x922", "ErrorCode: 0x98e"}).primary, 1U) << "a retry is normal";
  EXPECT_EQ(read({"ErrorCode: 0x922"}).primary, 0U);
  EXPECT_EQ(read({"hello"}).primary, std::nullopt);
}

TEST(LogExplainer, HoldsABoundedNumberOfCodesAndOfText) {
  LogExplainer explainer;
  for (int i = 0; i < 6000; ++i) {
    explainer.read_line("ErrorCode (0x7" + std::to_string(1000 + i) + ")" + std::string(5000, 'x'));
  }
  const auto text = std::move(explainer).finish();
  EXPECT_LE(text.explanations.size(), 4096U);
  EXPECT_TRUE(text.overflowed);
  EXPECT_LE(text.explanations[0].text.size(), 1000U);
}

const Explanation& first_of(const ExplainedText& text) {
  return text.explanations.at(text.primary.value()).explanation;
}

TEST(LogExplainer, ExplainsATextWithoutACode) {
  const auto text =
      read({"hello", "sign_and_send_pubkey: signing failed: agent refused operation"});
  ASSERT_EQ(text.explanations.size(), 1U);
  ASSERT_NE(first_of(text).message, nullptr);
  EXPECT_EQ(first_of(text).message->id, "ssh-signing-failed");
  EXPECT_EQ(first_of(text).severity, RcSeverity::follow_up);
  EXPECT_TRUE(first_of(text).known);
  EXPECT_EQ(text.explanations[0].first_line, 2U);
}

TEST(LogExplainer, CountsATextThatComesAgain) {
  const auto text = read({"C_Login failed: 160", "x", "C_Login failed: 160"});
  ASSERT_EQ(text.explanations.size(), 1U);
  EXPECT_EQ(text.explanations[0].count, 2U);
  EXPECT_EQ(text.explanations[0].last_line, 3U);
}

TEST(LogExplainer, TakesTheCommandFromTheTextBesideTheCode) {
  const auto text =
      read({"Failed to add OR policy to TPM: tpm:parameter(1):value is out of range or is not "
            "correct for the context"});
  ASSERT_EQ(text.explanations.size(), 1U) << "the text says no more than the code";
  EXPECT_EQ(first_of(text).command->name, "PolicyOR");
  EXPECT_EQ(first_cause(first_of(text))->cause_class, CauseClass::policy_pcr_mismatch);
}

TEST(LogExplainer, PointsAtTheTextThatSaysWhyACodeCame) {
  const auto text =
      read({"tcti_from_init() TCTI init for function 0x7f32 failed with a000a",
            "Failed to open specified TCTI device file /dev/tpmrm0: Permission denied"});
  EXPECT_EQ(text.explanations.size(), 2U);
  EXPECT_EQ(first_of(text).message->id, "device-permission");
}

TEST(LogExplainer, LetsATextThatIsFarAwayBe) {
  LogExplainer explainer;
  explainer.read_line("Esys_Load(0x18b)");
  for (int i = 0; i < 100; ++i) explainer.read_line("nothing");
  explainer.read_line("open /dev/tpm0: Permission denied");
  EXPECT_EQ(first_of(std::move(explainer).finish()).message, nullptr);
}

TEST(LogExplainer, RanksCausesByTheLinesAround) {
  const std::string_view code = "Esys_Sign() Esys Finish ErrorCode (0x000001d5)";
  EXPECT_EQ(first_cause(first_of(read({code, "userauth: ecdsa-sha2-nistp384"})))->cause_class,
            CauseClass::unsupported_algorithm);
  EXPECT_EQ(first_cause(first_of(read({"openssl s_client: TLS handshake", code})))->cause_class,
            CauseClass::middleware_bug);
}

TEST(LogExplainer, ForgetsLinesThatAreFarAway) {
  LogExplainer explainer;
  explainer.read_line("openssl s_client: TLS handshake");
  for (int i = 0; i < 100; ++i) explainer.read_line("nothing");
  explainer.read_line("Esys_Sign() Esys Finish ErrorCode (0x000001d5)");
  EXPECT_EQ(first_cause(first_of(std::move(explainer).finish()))->cause_class,
            CauseClass::unsupported_algorithm);
}

TEST(LogExplainer, CallsAMissingEkCertificateHarmless) {
  const std::string_view code = "Esys_TR_FromTPMPublic_Finish() Error NV_ReadPublic (0x0000018b)";
  EXPECT_EQ(first_of(read({"tpm2_getekcertificate", code})).severity, RcSeverity::harmless);
  EXPECT_EQ(first_of(read({code})).severity, RcSeverity::error);
}

TEST(LogExplainer, CallsAGeneralFailureAfterACodeOfTheTpmAFollowUp) {
  const auto text = read({"ERROR:esys: Esys_Create() Esys Finish ErrorCode (0x000002c4)",
                          "ERROR:fapi: Fapi_CreateKey() ErrorCode (0x00060001)"});
  ASSERT_EQ(text.explanations.size(), 2U);
  EXPECT_EQ(text.explanations[1].explanation.severity, RcSeverity::follow_up);
  EXPECT_EQ(text.primary, 0U);
  EXPECT_EQ(first_of(read({"Fapi_CreateKey() ErrorCode (0x00060001)"})).severity,
            RcSeverity::error);
}

TEST(LogExplainer, ReadsThroughColours) {
  const auto text = read({"\x1b[1;31mERROR\x1b[0m: Esys_Sign(\x1b[33m0x1D5\x1b[0m)"});
  ASSERT_EQ(text.explanations.size(), 1U);
  EXPECT_EQ(first_of(text).decoded.value, 0x1D5U);
  EXPECT_EQ(text.explanations[0].text, "ERROR: Esys_Sign(0x1D5)");
}

}  // namespace
}  // namespace tpmprobe::explain
