// SPDX-License-Identifier: BSD-2-Clause
// kill -9 of any of the three processes of a walk, at each step of a key's whole way.
#include <csignal>
#include <fstream>

#include "suites/support/waiting.h"
#include "suites/swtpm/walk_support.h"

namespace tpmprobe::suites {
namespace {

/// Which of them, from the one that the user started.
enum class Who { first, supervisor, worker };

pid_t child_of(pid_t parent) {
  std::ifstream children("/proc/" + std::to_string(parent) + "/task/" + std::to_string(parent) +
                         "/children");
  pid_t child = 0;
  children >> child;
  return child;
}

pid_t find(Who who, pid_t first) {
  if (who == Who::first) return first;
  const auto supervisor = child_of(first);
  return who == Who::supervisor || supervisor == 0 ? supervisor : child_of(supervisor);
}

class WalkKilled : public HeldWalk {
 protected:
  /// Walks until so many steps have ended, goes into the next, and kills there.
  void walk_and_kill(Who who, std::size_t steps) {
    auto run = start();
    ASSERT_TRUE(go_into_step_after(steps, run)) << run.errors();
    const auto victim = find(who, run.pid());
    ASSERT_GT(victim, 0);
    ::kill(victim, SIGKILL);
    relay_->release();
    run.wait();
  }

  void expect_nothing_left() {
    EXPECT_TRUE(comes_true([&] { return left_over().empty(); }))
        << ::testing::PrintToString(left_over());
  }

  void expect_no_handles() {
    for (const auto* kind :
         {"handles-transient", "handles-loaded-session", "handles-saved-session"}) {
      const auto handles = run_program({"tpm2_getcap", kind}, {{"TPM2TOOLS_TCTI", swtpm_->tcti()}});
      EXPECT_EQ(handles.status.code, 0) << handles.errors;
      EXPECT_EQ(handles.output, "") << kind;
    }
  }
};

class FirstOfWalkKilled : public WalkKilled, public ::testing::WithParamInterface<std::size_t> {};

TEST_P(FirstOfWalkKilled, LeavesNothing) {
  ASSERT_NO_FATAL_FAILURE(walk_and_kill(Who::first, GetParam()));
  expect_nothing_left();
  expect_no_handles();
}

// Two steps of the direct way, six of the key made in the TPM, five of the imported one.
INSTANTIATE_TEST_SUITE_P(AtEachStep, FirstOfWalkKilled, ::testing::Range<std::size_t>(0, 13));

class OtherOfWalkKilled : public WalkKilled, public ::testing::WithParamInterface<std::size_t> {};

TEST_P(OtherOfWalkKilled, WorkerLeavesNothing) {
  ASSERT_NO_FATAL_FAILURE(walk_and_kill(Who::worker, GetParam()));
  expect_nothing_left();
  expect_no_handles();
}

// With it goes who knows the TPM's handles: they are left to the next start of the TPM.
TEST_P(OtherOfWalkKilled, SupervisorLeavesNoFileAndNoProcess) {
  ASSERT_NO_FATAL_FAILURE(walk_and_kill(Who::supervisor, GetParam()));
  expect_nothing_left();
}

// In a login of the direct way, in tpm2_ptool, in ssh, with an ssh-agent.
INSTANTIATE_TEST_SUITE_P(AtSomeSteps, OtherOfWalkKilled, ::testing::Values(1, 3, 5, 6));

TEST(Walk, SparesTheChildrenOfWhomItReplacedByExec) {
  const auto folder = tpm::PrivateDirectory::create();
  const std::string program = tpmprobe_path();
  const auto run =
      run_program({"bash", "-c",
                   "sleep infinity & echo $! > \"$0\"; exec \"$1\" ssh --emulated --only "
                   "direct.ecc256 -q --format json",
                   folder->path() / "pid", program});
  EXPECT_EQ(run.status.code, 0) << run.errors;
  const pid_t other = std::stoi(content_of(folder->path() / "pid"));
  EXPECT_EQ(::kill(other, 0), 0);  // it is there
  ::kill(other, SIGKILL);
}

}  // namespace
}  // namespace tpmprobe::suites
