// SPDX-License-Identifier: BSD-2-Clause
#include <gmock/gmock.h>

#include "suites/emulator/report_support.h"

/// SIGINT and SIGTERM at every moment: what cli/interrupt.h sets, during each command of a run.
namespace tpmprobe::suites {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class InterruptedReport : public ReportTest {
 protected:
  static std::vector<std::string> ids(const reports::Report& report) {
    std::vector<std::string> all;
    for (const auto& reported : report.results) all.push_back(reported.result.id);
    return all;
  }

  const std::vector<std::string> only_{"identity", "key.p256", "sign.ecdsa-p256-sha256",
                                       "sign.ecdaa-p256-sha256", "key.p384"};
};

TEST_F(InterruptedReport, LeavesNothingBehindWhereverItStops) {
  const std::size_t commands = run({.only = only_}).wire.size();
  ASSERT_GT(commands, 20U);
  for (std::size_t n = 1; n <= commands; ++n) {
    SCOPED_TRACE(n);
    const auto& [report, wire, progress] = run({.only = only_, .interrupt_at = n});
    EXPECT_EQ(report.invocation.exit_code, cli::kExitIncomplete);
    EXPECT_THAT(loaded(), IsEmpty());
    EXPECT_THAT(findings(report), IsEmpty());
    EXPECT_THAT(troubles(report), IsEmpty()) << "an interruption says nothing about the TPM";
    for (std::size_t later = n; later < wire.size(); ++later) {
      EXPECT_EQ(wire[later].command, 0x165U) << "only TPM2_FlushContext after it";
    }
  }
}

TEST_F(InterruptedReport, KeepsWhatWasFoundUntilThen) {
  const auto whole = run({.only = only_});
  std::size_t most = 0;
  for (std::size_t n = 1; n <= whole.wire.size(); ++n) {
    const auto& report = run({.only = only_, .interrupt_at = n}).report;
    const auto passed = with_verdict(report, probes::Verdict::pass);
    EXPECT_GE(passed.size() + 1, most) << "a later interruption keeps no less";
    most = std::max(most, passed.size());
  }
  EXPECT_GE(most, only_.size());
}

}  // namespace
}  // namespace tpmprobe::suites
