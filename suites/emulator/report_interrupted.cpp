// SPDX-License-Identifier: BSD-2-Clause
#include <gmock/gmock.h>

#include "suites/emulator/report_support.h"

/// SIGINT and SIGTERM at every moment: what catch_interrupts() sets, during each command of a run.
namespace tpmprobe::suites {
namespace {

using testing::IsEmpty;

constexpr std::uint32_t kFlushContext = 0x165;

class InterruptedReport : public ReportTest {
 protected:
  void SetUp() override {
    ReportTest::SetUp();
    whole_ = &run(until({}));
    const auto& close = result_of(whole_->report, "session.close");
    closing_ = whole_->wire.size() - static_cast<std::size_t>(close.tpm_commands) + 1;
    ASSERT_GT(closing_, 20U);
    ASSERT_LE(closing_, whole_->wire.size()) << "closing sends something";
  }

  /// The same short run, stopped during command `n`.
  static RunSpec until(std::optional<std::size_t> n) {
    return {.only = {"identity", "key.p256", "sign.ecdsa-p256-sha256", "sign.ecdaa-p256-sha256",
                     "key.p384"},
            .interrupt_at = n};
  }

  const Outcome* whole_ = nullptr;
  std::size_t closing_ = 0;  ///< the first command after the last probe
};

TEST_F(InterruptedReport, LeavesNothingBehindWhereverItStops) {
  for (std::size_t n = 0; n <= whole_->wire.size(); ++n) {
    SCOPED_TRACE(n);
    const auto& wire = run(until(n)).wire;
    EXPECT_THAT(loaded(), IsEmpty());
    for (std::size_t later = n; later < wire.size(); ++later) {
      EXPECT_EQ(wire[later].command, kFlushContext) << "nothing but cleaning up is sent after it";
    }
  }
}

TEST_F(InterruptedReport, IsIncompleteAndSaysNothingBadAboutTheTpm) {
  for (std::size_t n = 0; n < closing_; ++n) {
    SCOPED_TRACE(n);
    const auto& report = run(until(n)).report;
    EXPECT_EQ(report.invocation.exit_code, kExitIncomplete);
    EXPECT_THAT(findings(report), IsEmpty());
    EXPECT_THAT(with_verdict(report, Verdict::fail), IsEmpty());
    EXPECT_THAT(with_verdict(report, Verdict::timeout), IsEmpty());
  }
}

TEST_F(InterruptedReport, IsCompleteIfEveryProbeHadRun) {
  for (std::size_t n = closing_; n <= whole_->wire.size(); ++n) {
    const auto& report = run(until(n)).report;
    EXPECT_EQ(report.invocation.exit_code, kExitOk) << n;
    EXPECT_EQ(report.results.size(), whole_->report.results.size()) << n;
  }
}

TEST_F(InterruptedReport, KeepsWhatWasFoundUntilThen) {
  std::size_t sent = 0, passed = 0, stops = 0;
  for (const auto& reported : whole_->report.results) {
    if (sent > 0) {
      const auto& report = run(until(sent + 1)).report;
      EXPECT_GE(with_verdict(report, Verdict::pass).size(), passed)
          << to_string(reported.result.id);
      ++stops;
    }
    sent += static_cast<std::size_t>(reported.result.tpm_commands);
    ++passed;
  }
  EXPECT_GT(stops, 0U);
}

}  // namespace
}  // namespace tpmprobe::suites
