// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "suites/emulator/quirk_support.h"
#include "suites/emulator/report_support.h"
#include "tpm/leftovers.h"

/// Three object slots and no resource manager: what others, or a killed run, have left in them.
namespace tpmprobe::suites {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class ReportWithOccupiedSlots : public ReportTest {
 protected:
  void load_foreign(int objects) {
    for (int i = 0; i < objects; ++i) load_foreign_object();
    ASSERT_THAT(loaded(), SizeIs(objects));
  }

  /// What a tpmprobe leaves that is killed after its primary was made.
  void load_our_own() {
    std::string marker;
    for (const auto octet : tpm::kMarker) marker += fmt::format("{:02x}", octet);
    const Bytes create = authorized(0x131, "40000007",
                                    "0004 0000 0000 003a 0023 000b 00030472 0020" + marker +
                                        "0006 0080 0043 0010 0003 0010 0000 0000 0000 00000000");
    ASSERT_EQ(code(create), 0U);
  }

  void expect_starved(const reports::Report& report, std::string_view count) {
    EXPECT_EQ(report.invocation.exit_code, kExitFindings);
    EXPECT_THAT(findings(report), ElementsAre("Q14"));
    const auto& finding = finding_of(report, "Q14");
    EXPECT_THAT(finding.diagnosis, AllOf(HasSubstr(std::string(count) + " objects"),
                                         HasSubstr("nothing about the algorithms")));
    EXPECT_THAT(finding.advice, HasSubstr("--flush-leftovers"));
    EXPECT_THAT(with_verdict(report, Verdict::quirk), ElementsAre("state.object-slots"));
    EXPECT_THAT(with_verdict(report, Verdict::blocked),
                AllOf(Contains("key.p256"), Contains("sign.ecdsa-p384-sha384"),
                      Contains("ssh.ecdsa-sha2-nistp521")));
    EXPECT_EQ(use_of(report, "ssh.ecdsa-sha2-nistp256").verdict, reports::Usability::unknown);
    EXPECT_THAT(report.avoid, IsEmpty());
  }
};

TEST_F(ReportWithOccupiedSlots, AllOfThemIsADiagnosisAndNotAFailureOfTheAlgorithms) {
  load_foreign(3);
  expect_starved(run({.only = kEcc}).report, "3");
  EXPECT_THAT(loaded(), SizeIs(3)) << "somebody needs them";
}

TEST_F(ReportWithOccupiedSlots, TwoOfThemAreTooMany) {
  load_foreign(2);
  expect_starved(run({.only = kEcc}).report, "2");
  EXPECT_THAT(loaded(), SizeIs(2));
}

TEST_F(ReportWithOccupiedSlots, OneOfThemLeavesRoomEnough) {
  load_foreign(1);
  const auto& report = run({.only = kEcc}).report;
  EXPECT_EQ(report.invocation.exit_code, kExitOk) << outline(report);
  EXPECT_THAT(troubles(report), IsEmpty());
  EXPECT_EQ(report.tpm.found_objects.foreign, 1U);
  EXPECT_THAT(loaded(), SizeIs(1));
}

TEST_F(ReportWithOccupiedSlots, AreEmptiedIfThePersonSaysSo) {
  load_foreign(3);
  const auto& report = run({.only = kEcc, .flush_leftovers = true}).report;
  EXPECT_EQ(report.invocation.exit_code, kExitOk);
  EXPECT_THAT(troubles(report), IsEmpty());
  EXPECT_THAT(findings(report), ElementsAre("leftovers-flushed"));
  EXPECT_EQ(report.tpm.found_objects.foreign_flushed, 3U);
  EXPECT_THAT(loaded(), IsEmpty());
}

TEST_F(ReportWithOccupiedSlots, OurOwnOfAKilledRunAreFlushedAndNobodyElses) {
  load_foreign(1);
  load_our_own();
  load_our_own();
  ASSERT_THAT(loaded(), SizeIs(3));
  const auto& report = run({.only = kEcc, .lock_key = "test:killed-run"}).report;
  EXPECT_EQ(report.invocation.exit_code, kExitOk);
  EXPECT_THAT(troubles(report), IsEmpty());
  EXPECT_THAT(findings(report), ElementsAre("leftovers-flushed"));
  EXPECT_EQ(report.tpm.found_objects.flushed, 2U);
  EXPECT_EQ(report.tpm.found_objects.foreign, 1U);
  EXPECT_THAT(result_of(report, "session.open").actual,
              HasSubstr("2 objects of a killed tpmprobe flushed"));
  EXPECT_THAT(loaded(), SizeIs(1));
}

TEST_F(ReportWithOccupiedSlots, ThoseOfAnotherTpmprobeAtWorkAreLeftAlone) {
  load_our_own();
  load_our_own();
  const std::string key = "test:two-at-work";
  const auto another = tpm::TpmLock::acquire(key);
  ASSERT_TRUE(another);
  const auto& report = run({.only = kEcc, .lock_key = key}).report;
  expect_starved(report, "2");
  EXPECT_EQ(report.tpm.found_objects.of_another, 2U);
  EXPECT_THAT(loaded(), SizeIs(2));
}

}  // namespace
}  // namespace tpmprobe::suites
