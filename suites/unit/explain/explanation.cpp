// SPDX-License-Identifier: BSD-2-Clause
#include "explain/explanation.h"

#include <gmock/gmock.h>

namespace tpmprobe::explain {
namespace {

using knowledge::CauseClass;
using knowledge::find_command;
using knowledge::RcSeverity;
using testing::HasSubstr;
using testing::Not;

std::string sentence(std::uint32_t rc, std::string_view command = {}) {
  return one_line(explain(rc, command.empty() ? nullptr : find_command(command)));
}

TEST(Explanation, StartsWithASentenceThatStandsAlone) {
  EXPECT_EQ(sentence(0x1D5, "Sign"),
            "TPM2_Sign refused parameter 1 (digest): structure is the wrong size (TPM_RC_SIZE, "
            "0x1d5).");
  EXPECT_EQ(sentence(0x1D5),
            "The TPM refused parameter 1: structure is the wrong size (TPM_RC_SIZE, 0x1d5).");
  EXPECT_EQ(sentence(0x902, "Load"),
            "TPM2_Load could not run now: out of memory for object contexts "
            "(TPM_RC_OBJECT_MEMORY, 0x902).");
  EXPECT_EQ(sentence(0x9A2, "CreatePrimary"),
            "TPM2_CreatePrimary refused session 1: the authorization failed, without counting "
            "towards lockout (TPM_RC_BAD_AUTH, 0x9a2).");
  EXPECT_EQ(
      sentence(0x1CB, "FlushContext"),
      "TPM2_FlushContext refused parameter 1 (flushHandle): the handle is not correct for the "
      "use (TPM_RC_HANDLE, 0x1cb).");
  EXPECT_EQ(sentence(0xA0008),
            "The TCTI, the connection to the TPM, failed: cannot connect to the next lower layer "
            "(TSS2_TCTI_RC_NO_CONNECTION, 0xa0008).");
}

TEST(Explanation, SaysThatTheResourceManagerAnswered) {
  EXPECT_EQ(sentence(0xB0143, "TestParms"),
            "The resource manager refused TPM2_TestParms: command code not supported "
            "(TPM_RC_COMMAND_CODE, 0xb0143).");
  EXPECT_EQ(
      sentence(0xB01D5, "Sign"),
      "The resource manager refused parameter 1 (digest) of TPM2_Sign: structure is the wrong "
      "size (TPM_RC_SIZE, 0xb01d5).");
}

TEST(Explanation, TakesNoPositionForNoHandle) {
  EXPECT_THAT(sentence(0x084, "Create"), Not(HasSubstr("handle")));
}

TEST(Explanation, NamesTheHandleThatIsNotLoaded) {
  EXPECT_THAT(sentence(0x910, "Sign"), HasSubstr("handle 1 (keyHandle)"));
}

TEST(Explanation, PutsTheCausesOfTheCommandFirst) {
  const Explanation clear = explain(0x921, find_command("Clear"));
  EXPECT_THAT(first_cause(clear)->summary, HasSubstr("TPM2_Clear"));
  EXPECT_EQ(first_cause(clear)->only_for, "") << "the command is known";
  const Explanation sign = explain(0x921, find_command("Sign"));
  EXPECT_THAT(first_cause(sign)->summary, HasSubstr("Too many wrong passwords"));
  EXPECT_EQ(sign.causes.size(), 1U);
}

TEST(Explanation, SaysForWhichCommandACauseIsIfNoneIsNamed) {
  const Explanation explanation = explain(0x1D5);
  EXPECT_EQ(first_cause(explanation)->only_for, "TPM2_Sign");
  EXPECT_EQ(first_cause(explanation)->cause_class, CauseClass::unsupported_algorithm);
  EXPECT_THAT(first_fix(explanation), HasSubstr("P-256"));
}

TEST(Explanation, SaysFirstThatACodeIsAnEcho) {
  const Explanation echo = explain(0x153, find_command("Create"));
  EXPECT_TRUE(echo.echo);
  EXPECT_THAT(one_line(echo), HasSubstr("0x153 is the command code of TPM2_Create itself"));
  EXPECT_THAT(one_line(echo), HasSubstr("TPM_RC_NEEDS_TEST"));
  EXPECT_EQ(first_cause(echo)->cause_class, CauseClass::firmware_defect);
  EXPECT_FALSE(explain(0x153, find_command("Sign")).echo);
  EXPECT_FALSE(explain(0x153).echo) << "without the command the table is right";
  EXPECT_THAT(sentence(378), HasSubstr("TPM2_GetCapability")) << "378 is no response code at all";
}

TEST(Explanation, NeverCallsGarbageSuccess) {
  for (const std::uint32_t rc : {0xFFFFFFU, 0xDEADBEEFU, 0x70000U, 0x300U, 0x1C6U, 0x500U}) {
    const Explanation explanation = explain(rc);
    EXPECT_FALSE(explanation.known) << std::hex << rc;
    EXPECT_THAT(one_line(explanation), Not(HasSubstr("succeeded"))) << std::hex << rc;
    EXPECT_THAT(explanation.meaning, HasSubstr("The bits say: layer")) << std::hex << rc;
    EXPECT_EQ(explanation.symbol, "") << std::hex << rc;
    EXPECT_EQ(first_cause(explanation), nullptr);
    EXPECT_EQ(first_fix(explanation), "");
  }
}

TEST(Explanation, KnowsSuccess) {
  EXPECT_TRUE(explain(0).known);
  EXPECT_EQ(explain(0).severity, RcSeverity::harmless);
}

TEST(Explanation, SaysHowBadACodeIsHere) {
  EXPECT_EQ(explain(0x902).severity, RcSeverity::warning);
  EXPECT_EQ(explain(0x1D5).severity, RcSeverity::error);
  EXPECT_EQ(explain(0x70018).severity, RcSeverity::follow_up);
  EXPECT_EQ(explain(0x70007).severity, RcSeverity::follow_up);
  EXPECT_EQ(explain(0x60034).severity, RcSeverity::harmless);
  EXPECT_EQ(explain(0x100, find_command("Startup")).severity, RcSeverity::harmless);
  EXPECT_EQ(explain(0x100, find_command("Sign")).severity, RcSeverity::error);
  EXPECT_EQ(explain(0x1C4, find_command("TestParms")).severity, RcSeverity::harmless);
  EXPECT_EQ(explain(0x1C4).severity, RcSeverity::error);
  EXPECT_EQ(explain(0x1E6, find_command("TestParms")).severity, RcSeverity::harmless);
  EXPECT_EQ(explain(0x1E6).severity, RcSeverity::error);
}

TEST(Explanation, TakesACauseThatAProbeKnows) {
  const Explanation explanation = with_known_cause(
      explain(0x1D5, find_command("Sign")),
      {CauseClass::unsupported_algorithm, "no SHA-384 in this TPM", "", "use P-256", ""});
  EXPECT_EQ(first_cause(explanation)->summary, "no SHA-384 in this TPM");
  EXPECT_EQ(first_fix(explanation), "use P-256");
  EXPECT_GT(explanation.causes.size(), 1U) << "the general ones stay, behind it";
}

}  // namespace
}  // namespace tpmprobe::explain
