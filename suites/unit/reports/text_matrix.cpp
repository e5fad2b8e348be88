// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include "reports/text/matrix.h"

namespace tpmprobe::reports::plain {
namespace {

ReportedResult combination(std::string_view id, Verdict verdict, SignSteps steps = {}) {
  ReportedResult reported;
  reported.result.id = parse_id(id);
  reported.result.verdict = verdict;
  reported.result.steps = steps;
  return reported;
}

std::string_view word(Verdict verdict, SignSteps steps) {
  return step_word(combination("", verdict, steps).result);
}

TEST(Fold, NamesWhatIsNotOfferedAtAllAndTakesItOut) {
  Report report;
  report.results = {combination("sign.ecdsa-p256-sha256", Verdict::pass),
                    combination("sign.ecdsa-p256-sha512", Verdict::unsupported),
                    combination("sign.ecdaa-p256-sha256", Verdict::unsupported),
                    combination("sign.ecdsa-p521-sha256", Verdict::unsupported),
                    combination("sign.ecdaa-p521-sha256", Verdict::unsupported)};
  Matrix matrix = matrix_of(report);
  EXPECT_EQ(fold(matrix), "p256 ecdaa, p521; sha512");
  EXPECT_EQ(matrix.rows, (std::vector<RowName>{{"p256", "ecdsa"}}));
  EXPECT_EQ(matrix.hashes, std::vector<std::string>{"sha256"});
}

TEST(Fold, KeepsARefusedSignatureOfAKeyThatCouldBeMade) {
  Report report;
  SignSteps steps;
  steps.created = Step::yes;
  steps.signed_ = Step::no;
  report.results = {combination("sign.ecdsa-p384-sha384", Verdict::unsupported, steps)};
  Matrix matrix = matrix_of(report);
  EXPECT_EQ(fold(matrix), "");
  EXPECT_EQ(matrix.rows.size(), 1U);
}

TEST(StepWord, SaysWhereACombinationStopped) {
  using enum Step;
  EXPECT_EQ(word(Verdict::fail, {yes, yes, no, not_tried, not_tried}), "create");
  EXPECT_EQ(word(Verdict::fail, {yes, no, yes, no, not_tried}), "sign");
  EXPECT_EQ(word(Verdict::fail, {yes, yes, yes, yes, no}), "verify");
  EXPECT_EQ(word(Verdict::mismatch, {yes, no, not_tried, not_tried, not_tried}), "parms");
}

TEST(StepWord, NamesTheClaimThatAWorkingCombinationContradicts) {
  using enum Step;
  EXPECT_EQ(word(Verdict::mismatch, {no, yes, yes, yes, yes}), "caps");
  EXPECT_EQ(word(Verdict::mismatch, {yes, no, yes, yes, yes}), "parms");
  EXPECT_EQ(word(Verdict::pass, {yes, yes, yes, yes, yes}), "ok");
  EXPECT_EQ(word(Verdict::timeout, {}), "");
}

}  // namespace
}  // namespace tpmprobe::reports::plain
