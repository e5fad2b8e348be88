// SPDX-License-Identifier: BSD-2-Clause
// A TPM without resource manager keeps what a killed program had loaded.
#include <csignal>

#include "suites/swtpm/report_support.h"

namespace tpmprobe::suites {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

const Words kP256{"--only", "*p256*"};

class KilledReport : public ReportOnSwtpm {
 protected:
  // Runs until command `number` is answered, and not until the answer arrives.
  void run_and_kill(std::size_t number, const Words& choice) {
    relay_->hold_at(relay_->count() + number);
    RunningProgram program(tpmprobe(report_words(relay_->tcti(), choice)));
    ASSERT_TRUE(relay_->wait_until_held(program)) << "there was no command " << number;
    program.signal(SIGKILL);
    EXPECT_EQ(program.wait().status.signal, SIGKILL);
    relay_->drop();
  }

  // How many commands a whole run sends.
  std::size_t length_of(const Words& choice) {
    const std::size_t before = relay_->count();
    report(choice);
    return relay_->count() - before;
  }

  void expect_next_run_cleans_up(const Words& choice) {
    const auto left = transient().size();
    const auto next = report(choice);
    EXPECT_THAT(troubles_of(next), IsEmpty());
    if (left > 0) {
      ++with_leftovers_;
      EXPECT_THAT(findings_of(next), Contains("leftovers-flushed"));
    } else {
      EXPECT_THAT(findings_of(next), IsEmpty());
    }
    EXPECT_THAT(transient(), IsEmpty());
  }

  int with_leftovers_ = 0;
};

TEST_F(KilledReport, AtAnyCommandOfARunTheNextOneCleansUpAndWorks) {
  const std::size_t length = length_of(kP256);
  for (std::size_t number = 1; number <= length; ++number) {
    SCOPED_TRACE("killed at command " + std::to_string(number));
    ASSERT_NO_FATAL_FAILURE(run_and_kill(number, kP256));
    expect_next_run_cleans_up(kP256);
  }
  EXPECT_GT(with_leftovers_, 10) << "of " << length;
}

TEST_F(KilledReport, AllOverALongRunTheNextOneCleansUpAndWorks) {
  constexpr std::size_t kSteps = 8;
  const std::size_t length = length_of(kQuickest);
  for (std::size_t step = 1; step <= kSteps; ++step) {
    const std::size_t number = length * step / kSteps;
    SCOPED_TRACE("killed at command " + std::to_string(number));
    ASSERT_NO_FATAL_FAILURE(run_and_kill(number, kQuickest));
    expect_next_run_cleans_up(kQuickest);
  }
  EXPECT_GT(with_leftovers_, 0);
}

TEST_F(KilledReport, TimeAfterTimeNothingPilesUp) {
  const std::size_t length = length_of(kP256);
  for (int round = 0; round < 4; ++round) {
    ASSERT_NO_FATAL_FAILURE(run_and_kill(length / 2, kP256));
  }
  expect_next_run_cleans_up(kP256);
  EXPECT_EQ(with_leftovers_, 1);
}

TEST_F(KilledReport, IsNotTakenForDeadWhileItIsOnlyStopped) {
  const std::size_t length = length_of(kP256);
  relay_->hold_at(relay_->count() + length / 2);
  RunningProgram stopped(tpmprobe(report_words(relay_->tcti(), kP256)));
  ASSERT_TRUE(relay_->wait_until_held(stopped));
  stopped.signal(SIGSTOP);
  const auto of_the_stopped = transient();
  ASSERT_THAT(of_the_stopped, Not(IsEmpty()));

  const auto second = run_tpmprobe(report_words(relay_->tcti(), kP256));
  EXPECT_EQ(transient(), of_the_stopped);
  const auto told = validated_report(second.output);
  EXPECT_THAT(result_of(told, "session.open").at("actual").get<std::string>(),
              HasSubstr("objects of another running tpmprobe left alone"));
  EXPECT_THAT(findings_of(told), Not(Contains("leftovers-flushed")));

  relay_->release();
  stopped.signal(SIGCONT);
  const auto first = stopped.wait();
  EXPECT_EQ(first.status.code, 0) << first.output;
  EXPECT_THAT(troubles_of(parse_report(first.output)), IsEmpty());
  EXPECT_THAT(transient(), IsEmpty());
}

class ForeignObjects : public ReportOnSwtpm {};

TEST_F(ForeignObjects, InAllSlotsAreADiagnosisAndNoFailureOfAnAlgorithm) {
  load_foreign_objects(3);
  const auto before = transient();
  const auto told = report(kQuickest, 1);
  EXPECT_THAT(findings_of(told), Contains("Q14"));
  for (const auto& [id, verdict] : verdicts_of(told)) {
    if (id.starts_with("key.") || id.starts_with("sign.") || id.starts_with("ssh.")) {
      EXPECT_THAT(verdict, ::testing::AnyOf("blocked", "unsupported")) << id;
    }
  }
  EXPECT_EQ(transient(), before) << "nobody else's objects are touched";
}

TEST_F(ForeignObjects, AreFlushedIfTheUserSaysSo) {
  load_foreign_objects(3);
  Words choice = kQuickest;
  choice.emplace_back("--flush-leftovers");
  const auto told = report(choice);
  EXPECT_THAT(troubles_of(told), IsEmpty());
  EXPECT_THAT(findings_of(told), ::testing::ElementsAre("leftovers-flushed"));
  EXPECT_THAT(transient(), IsEmpty());
}

TEST_F(ForeignObjects, InOneSlotDisturbNobody) {
  load_foreign_objects(1);
  const auto before = transient();
  EXPECT_THAT(troubles_of(report()), IsEmpty());
  EXPECT_EQ(transient(), before);
}

}  // namespace
}  // namespace tpmprobe::suites
