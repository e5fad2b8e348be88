// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>

#include "suites/mutation/injected.h"

namespace tpmprobe::knowledge {

// gtest would print the octets of a parameter.
static void PrintTo(const Quirk& quirk, std::ostream* out) {
  *out << quirk.id;
}

}  // namespace tpmprobe::knowledge

/// Each defect proves itself: injected, it is found and named; without its file it is still no
/// success.
namespace tpmprobe::suites {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class EveryQuirk : public ReportTest, public testing::WithParamInterface<knowledge::Quirk> {};

std::string name_of(const testing::TestParamInfo<knowledge::Quirk>& info) {
  std::string name = info.param.id + "_" + info.param.name;
  std::ranges::replace(name, '-', '_');
  return name;
}

void expect_no_other(const reports::Report& report, const knowledge::Quirk& quirk) {
  for (const reports::Finding& finding : report.findings) {
    const auto* other = knowledge::find_quirk(finding.id);
    EXPECT_TRUE(other == nullptr || other->id == quirk.id || other->is_limit) << finding.id << "\n"
                                                                              << outline(report);
  }
}

TEST_P(EveryQuirk, IsFoundByItsIdWithItsDiagnosisAndNothingElse) {
  const knowledge::Quirk& quirk = GetParam();
  const reports::Report& report = run(injected(quirk)).report;
  ASSERT_THAT(findings(report), Contains(quirk.id)) << outline(report);
  const reports::Finding& finding = finding_of(report, quirk.id);
  EXPECT_THAT(finding.diagnosis, HasSubstr(quirk.diagnosis));
  EXPECT_EQ(finding.advice, quirk.advice);
  EXPECT_EQ(reports::to_string(finding.severity), quirk.severity);
  EXPECT_THAT(finding.probes, Not(IsEmpty()));
  EXPECT_THAT(results_with(report, quirk.id), Not(IsEmpty())) << outline(report);
  expect_no_other(report, quirk);
}

TEST_P(EveryQuirk, WithoutItsFileIsStillNoSuccess) {
  const knowledge::Quirk& quirk = GetParam();
  if (quirk.is_limit) GTEST_SKIP() << "the specification allows this";
  const reports::Report& known = run(injected(quirk)).report;
  tpm_.reset();
  SetUp();
  const auto others = without(quirk);
  const reports::Report& report = run(injected(quirk, others)).report;
  EXPECT_THAT(findings(report), Not(Contains(quirk.id)));
  EXPECT_THAT(findings(report), Contains("unrecognised")) << outline(report);
  for (const auto* named : results_with(known, quirk.id)) {
    EXPECT_NE(result_of(report, to_string(named->id)).verdict, Verdict::pass)
        << to_string(named->id);
  }
}

INSTANTIATE_TEST_SUITE_P(Mutation, EveryQuirk, testing::ValuesIn(knowledge::quirks()), name_of);

TEST(MutationSuite, HasAtLeastFiftyDefectsThatCanBeInjected) {
  EXPECT_GE(
      std::ranges::count_if(knowledge::quirks(),
                            [](const knowledge::Quirk& quirk) { return !quirk.rules.empty(); }),
      50);
}

}  // namespace
}  // namespace tpmprobe::suites
