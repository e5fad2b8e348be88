// SPDX-License-Identifier: BSD-2-Clause
// Ctrl-C and SIGTERM in the middle of a run, at a command that is under way.
#include <csignal>

#include "suites/swtpm/report_support.h"

namespace tpmprobe::suites {
namespace {

using ::testing::IsEmpty;

class InterruptedReport : public ReportOnSwtpm, public ::testing::WithParamInterface<int> {
 protected:
  // Runs the quickest report until its command `number`, and signals it there.
  RunningProgram run_and_signal(std::size_t number, Words more = {}) {
    more.insert(more.end(), kQuickest.begin(), kQuickest.end());
    relay_->hold_at(number);
    RunningProgram program(tpmprobe(report_words(relay_->tcti(), more)));
    EXPECT_TRUE(relay_->wait_until_held(program));
    program.signal(GetParam());
    program.wait_until_delivered(GetParam());
    return program;
  }
};

// A run of this choice has more than 150 commands; in the middle P-256 is done and P-521 is not.
constexpr std::size_t kMiddle = 90;

TEST_P(InterruptedReport, WritesWhatItHasAndLeavesNothing) {
  for (const std::size_t number : {1U, 20U, 60U, 90U, 120U, 150U}) {
    SCOPED_TRACE("at command " + std::to_string(number));
    auto program = run_and_signal(relay_->count() + number);
    relay_->release();
    const auto run = program.wait();
    EXPECT_EQ(run.status.signal, 0);
    EXPECT_EQ(run.status.code, 4) << run.errors;
    const auto told = parse_report(run.output);
    EXPECT_EQ(told.at("invocation").at("exit_code"), 4);
    EXPECT_THAT(troubles_of(told), IsEmpty());
    EXPECT_THAT(transient(), IsEmpty());
  }
}

TEST_P(InterruptedReport, KeepsTheProbesThatHadEnded) {
  auto program = run_and_signal(kMiddle);
  relay_->release();
  const auto verdicts = verdicts_of(parse_report(program.wait().output));
  EXPECT_EQ(verdicts.at("ssh.ecdsa-sha2-nistp256"), "pass");
  EXPECT_EQ(verdicts.at("session.close"), "pass");
  EXPECT_LT(verdicts.size(), verdicts_of(report()).size());
}

TEST_P(InterruptedReport, WritesItsFilesToo) {
  const auto directory = tpm::PrivateDirectory::create();
  ASSERT_TRUE(directory);
  const std::string text = directory->path() / "report.txt";
  const std::string json = directory->path() / "report.json";
  auto program = run_and_signal(kMiddle, {"-o", text, "-o", json});
  relay_->release();
  const auto run = program.wait();
  EXPECT_EQ(run.status.code, 4) << run.errors;
  EXPECT_THAT(content_of(text), ::testing::HasSubstr("ssh.ecdsa-sha2-nistp256"));
  EXPECT_EQ(validated_report(content_of(json)).at("invocation").at("exit_code"), 4);
}

TEST_P(InterruptedReport, EndsAtOnceTheSecondTime) {
  auto program = run_and_signal(kMiddle);
  program.signal(GetParam());
  const auto run = program.wait();
  EXPECT_EQ(run.status.signal, GetParam());
  EXPECT_THAT(run.output, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Signals, InterruptedReport, ::testing::Values(SIGINT, SIGTERM),
                         [](const auto& parameter) {
                           return parameter.param == SIGINT ? "Interrupt" : "Terminate";
                         });

}  // namespace
}  // namespace tpmprobe::suites
