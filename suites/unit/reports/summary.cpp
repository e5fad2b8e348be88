// SPDX-License-Identifier: BSD-2-Clause
#include "reports/summary.h"

#include <gtest/gtest.h>

namespace tpmprobe::reports {
namespace {

Report with_result(Verdict verdict, std::optional<std::uint32_t> rc = {}) {
  Report report;
  report.results.emplace_back();
  report.results[0].result.verdict = verdict;
  report.results[0].result.rc = rc;
  return report;
}

Report with_finding(Severity severity) {
  Report report;
  report.findings = {{"id", severity, "title", "", "", {}}};
  return report;
}

TEST(ExitCode, IsZeroIfNothingIsUnexpected) {
  EXPECT_EQ(exit_code(Report{}, false), 0);
  EXPECT_EQ(exit_code(with_result(Verdict::pass), false), 0);
  EXPECT_EQ(exit_code(with_finding(Severity::info), false), 0);
}

TEST(ExitCode, NeverCountsUnsupported) {
  EXPECT_EQ(exit_code(with_result(Verdict::unsupported, 0x1d5), false), 0);
}

TEST(ExitCode, IsOneForAFindingOfWarningOrAbove) {
  EXPECT_EQ(exit_code(with_finding(Severity::warning), false), 1);
  EXPECT_EQ(exit_code(with_finding(Severity::error), false), 1);
}

TEST(ExitCode, IsFourIfTheReportIsIncomplete) {
  EXPECT_EQ(exit_code(Report{}, true), 4);
  EXPECT_EQ(exit_code(with_result(Verdict::timeout), false), 4);
  EXPECT_EQ(exit_code(with_result(Verdict::blocked, 0x921), false), 4);
  EXPECT_EQ(exit_code(with_result(Verdict::blocked, 0xb0921), false), 4);
}

TEST(ExitCode, IsFourEvenIfThereAreFindings) {
  Report report = with_finding(Severity::error);
  EXPECT_EQ(exit_code(report, true), 4);
  report.results = with_result(Verdict::timeout).results;
  EXPECT_EQ(exit_code(report, false), 4);
}

TEST(ExitCode, DoesNotCallABlockedProbeIncompleteUnlessTheLockoutDidIt) {
  EXPECT_EQ(exit_code(with_result(Verdict::blocked), false), 0);
  EXPECT_EQ(exit_code(with_result(Verdict::blocked, 0x922), false), 0);
  EXPECT_EQ(exit_code(with_result(Verdict::pass, 0x921), false), 0);
}

TEST(Words, OfTheInterfaceStayAsTheyAre) {
  std::vector<std::string_view> words;
  for (const auto& row : kVerdictWords) words.push_back(to_string(row.value));
  EXPECT_EQ(words, (std::vector<std::string_view>{"pass", "fail", "mismatch", "quirk",
                                                  "unsupported", "blocked", "error", "timeout"}));
  EXPECT_EQ(to_string(Usability::not_usable), "not-usable");
  EXPECT_EQ(to_string(Usability::limited), "limited");
  EXPECT_EQ(to_string(Severity::warning), "warning");
}

}  // namespace
}  // namespace tpmprobe::reports
