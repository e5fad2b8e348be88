// SPDX-License-Identifier: BSD-2-Clause
// What `tpmprobe emulator` leaves in the temporary directory after kill -9, and who removes it.
#include <csignal>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>

#include "suites/support/waiting.h"
#include "suites/swtpm/walk_support.h"

namespace tpmprobe::suites {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class EmulatorKilled : public WalkInFolder {
 protected:
  /// Serves in the folder; returns when it does.
  RunningProgram serving(const Words& more = {}) {
    const std::string socket = folder_.path() / "tpm";
    Words words{"emulator", "--socket", socket};
    words.insert(words.end(), more.begin(), more.end());
    RunningProgram emulator(tpmprobe(words), environment());
    EXPECT_TRUE(comes_true([&] { return std::filesystem::exists(socket + ".ctrl"); }))
        << emulator.errors();
    return emulator;
  }

  static std::vector<pid_t> children_of(pid_t parent) {
    const auto number = std::to_string(parent);
    std::ifstream list("/proc/" + number + "/task/" + number + "/children");
    return {std::istream_iterator<pid_t>(list), {}};
  }

  [[nodiscard]] std::vector<std::string> private_folders() const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(temporary())) {
      found.push_back(entry.path());
    }
    return found;
  }

  void expect_nothing_left() {
    static_cast<void>(comes_true([&] { return left_over().empty(); }));
    EXPECT_THAT(left_over(), IsEmpty());
  }
};

TEST_F(EmulatorKilled, LeavesNothing) {
  auto emulator = serving();
  EXPECT_THAT(private_folders(), SizeIs(1));
  emulator.signal(SIGKILL);
  emulator.wait();
  expect_nothing_left();
}

TEST_F(EmulatorKilled, LeavesNoSwtpmEither) {
  auto emulator = serving({"--backend", "swtpm"});
  EXPECT_THAT(private_folders(), SizeIs(2));
  emulator.signal(SIGKILL);
  emulator.wait();
  expect_nothing_left();
}

TEST_F(EmulatorKilled, WithItsProcessGroupLeavesNothing) {
  auto emulator = serving();
  ::kill(-emulator.pid(), SIGKILL);
  emulator.wait();
  expect_nothing_left();
}

TEST_F(EmulatorKilled, RemovesItsFolderAlsoWithoutItsSupervisor) {
  auto emulator = serving();
  const auto children = children_of(emulator.pid());
  ASSERT_THAT(children, SizeIs(1));
  ::kill(children.front(), SIGKILL);
  emulator.signal(SIGTERM);
  EXPECT_TRUE(emulator.wait().status.succeeded());
  expect_nothing_left();
}

TEST_F(EmulatorKilled, WithItsSupervisorLeavesAFolderThatTheNextStartRemoves) {
  auto emulator = serving();
  const auto children = children_of(emulator.pid());
  ASSERT_THAT(children, SizeIs(1));
  ASSERT_TRUE(stop(emulator.pid()));
  ::kill(children.front(), SIGKILL);
  run_tpmprobe({"explain", "0x1d5"}, environment());
  EXPECT_THAT(private_folders(), SizeIs(1)) << "a stopped owner is not a dead one";
  emulator.signal(SIGKILL);
  emulator.wait();
  EXPECT_THAT(private_folders(), SizeIs(1));
  run_tpmprobe({"explain", "0x1d5"}, environment());
  expect_nothing_left();
}

TEST_F(EmulatorKilled, NotYetKeepsItsFolderWhateverElseStarts) {
  auto emulator = serving();
  const auto before = private_folders();
  ASSERT_THAT(before, Not(IsEmpty()));
  run_tpmprobe({"explain", "0x1d5"}, environment());
  run_tpmprobe({"emulator", "--", "true"}, environment());
  EXPECT_EQ(private_folders(), before);
  emulator.signal(SIGTERM);
  EXPECT_TRUE(emulator.wait().status.succeeded());
  expect_nothing_left();
}

}  // namespace
}  // namespace tpmprobe::suites
