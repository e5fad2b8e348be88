// SPDX-License-Identifier: BSD-2-Clause
#include "reports/known_tpm.h"

#include <gmock/gmock.h>

#include "reports/json/json_report.h"

namespace tpmprobe::reports {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kReport = R"({
  "schema_version": "1.0",
  "tpm": {"manufacturer": "AMD", "firmware": "3.51.0.5"},
  "findings": [{"id": "Q01", "diagnosis": "There is P-384 and no SHA-384.", "advice": "Take P-256."}],
  "results": [
    {"id": "identity", "rc": null, "command": null, "quirk": null, "explanation": null},
    {"id": "sign.other", "rc": "0x1d5", "command": {"id": "0x15d", "name": "TPM2_Sign"},
     "quirk": null, "explanation": "Some cause.", "advice": null},
    {"id": "ssh.p384", "rc": "0x1d5", "command": {"id": "0x15d", "name": "TPM2_Sign"},
     "quirk": "Q01", "explanation": "The same.", "advice": "x"},
    {"id": "key.x", "rc": "0x2c4", "command": {"id": "0x153", "name": "TPM2_Create"},
     "quirk": null, "explanation": "No such key.", "advice": "Another key."}]})";

explain::ExplainedText read(std::string_view line) {
  explain::LogExplainer explainer;
  explainer.read_line(line);
  return std::move(explainer).finish();
}

explain::ExplainedText sharpened(std::string_view line) {
  auto text = read(line);
  sharpen(text, known_tpm(read_json(kReport).value()));
  return text;
}

TEST(KnownTpm, PutsTheFindingOfTheReportBeforeAllGuesses) {
  const auto text = sharpened("ERROR: Esys_Sign(0x1D5)");
  const auto& causes = text.explanations.at(0).explanation.causes;
  EXPECT_EQ(causes.at(0).summary, "There is P-384 and no SHA-384.");
  EXPECT_EQ(causes.at(0).fix, "Take P-256.");
  EXPECT_EQ(causes.at(0).cause_class, knowledge::CauseClass::unsupported_algorithm);
  EXPECT_THAT(causes.at(0).confirm, HasSubstr("AMD 3.51.0.5"));
  EXPECT_THAT(causes.at(0).confirm, HasSubstr("ssh.p384"));
}

TEST(KnownTpm, TakesTheResultWhereThereIsNoFinding) {
  const auto text = sharpened("ERROR: Esys_Create(0x2C4)");
  EXPECT_EQ(text.explanations.at(0).explanation.causes.at(0).summary, "No such key.");
}

TEST(KnownTpm, LeavesOtherCommandsAndCodesAlone) {
  for (const auto* line : {"ERROR: Esys_Load(0x1D5)", "ERROR: Esys_Sign(0x902)"}) {
    const auto text = sharpened(line);
    const auto plain = read(line);
    ASSERT_EQ(text.explanations.size(), 1U);
    EXPECT_EQ(text.explanations[0].explanation.causes.size(),
              plain.explanations[0].explanation.causes.size());
  }
}

TEST(KnownTpm, TakesMembersOfOtherTypesForAbsent) {
  const auto report = read_json(
      R"({"schema_version": "1.0", "tpm": 1, "findings": {},
          "results": [1, {"rc": 5}, {"rc": "0x1d5", "command": "x"}]})");
  ASSERT_TRUE(report);
  EXPECT_TRUE(known_tpm(*report).answers.empty());
}

}  // namespace
}  // namespace tpmprobe::reports
