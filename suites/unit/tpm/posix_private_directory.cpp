// SPDX-License-Identifier: BSD-2-Clause
// What a start removes of what killed ones left, and what it never touches.
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <sys/wait.h>

#include "tpm/posix/private_directory.h"
#include "tpm/posix/process.h"

namespace tpmprobe::tpm {
namespace {

namespace fs = std::filesystem;

/// $TMPDIR is a folder of this test alone.
class AbandonedDirectories : public ::testing::Test {
 protected:
  void SetUp() override { ::setenv("TMPDIR", base_.path().c_str(), 1); }
  void TearDown() override { ::setenv("TMPDIR", before_.c_str(), 1); }

  /// What a process leaves that is killed.
  static void leave_one_behind() {
    auto owner = Child::fork([] {
      const auto directory = PrivateDirectory::create();
      fs::create_directories(directory->path() / "a" / "b");
      std::ofstream(directory->path() / "a" / "file") << "x";
      return ::raise(SIGKILL);
    });
    EXPECT_EQ(owner->wait(TimePoint::max(), SystemClock{})->signal, SIGKILL);
  }

  /// A process with a directory that has been stopped.
  static Child stopped_owner() {
    auto owner = Child::fork([] {
      const auto directory = PrivateDirectory::create();
      return ::raise(SIGSTOP);
    });
    siginfo_t info{};
    EXPECT_EQ(::waitid(P_PID, static_cast<id_t>(owner->pid()), &info, WSTOPPED), 0);
    return std::move(*owner);
  }

  [[nodiscard]] std::vector<fs::path> there() const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(base_.path())) {
      if (entry.path().filename() != ".owner") found.push_back(entry.path());
    }
    return found;
  }

  [[nodiscard]] fs::path only_one() const {
    EXPECT_EQ(there().size(), 1U);
    return there().front();
  }

  /// It is there before and after a start.
  void expect_spared(const fs::path& path) const {
    EXPECT_THAT(there(), ::testing::Contains(path));
    PrivateDirectory::remove_abandoned();
    EXPECT_THAT(there(), ::testing::Contains(path));
  }

  const std::string before_ = std::getenv("TMPDIR") == nullptr ? "/tmp" : std::getenv("TMPDIR");
  const PrivateDirectory base_ = std::move(PrivateDirectory::create().value());
};

TEST_F(AbandonedDirectories, AreRemovedWithEverythingInThem) {
  for (int i = 0; i < 3; ++i) leave_one_behind();
  EXPECT_EQ(there().size(), 3U);
  PrivateDirectory::remove_abandoned();
  EXPECT_THAT(there(), ::testing::IsEmpty());
}

TEST_F(AbandonedDirectories, AreNotThoseOfALivingOwner) {
  const auto mine = PrivateDirectory::create();
  ASSERT_TRUE(mine);
  expect_spared(mine->path());
}

TEST_F(AbandonedDirectories, AreNotThoseOfAStoppedOwner) {
  auto owner = stopped_owner();
  expect_spared(only_one());
  owner.kill();
  PrivateDirectory::remove_abandoned();
  EXPECT_THAT(there(), ::testing::IsEmpty());
}

TEST_F(AbandonedDirectories, AreNotThoseThatASecondOwnerStillHas) {
  auto first = stopped_owner();
  const auto second = PrivateDirectory::share(only_one());
  first.kill();
  expect_spared(second.path());
}

TEST_F(AbandonedDirectories, AreNotThoseThatAForkedChildStillUses) {
  const auto path = base_.path() / "tpmprobe-abcdef";
  Child child;
  {
    const auto mine = PrivateDirectory::create();
    ASSERT_TRUE(mine);
    child = std::move(Child::fork([] { return ::pause(); }).value());
    fs::rename(mine->path(), path);  // so that it stays, as if this process had been killed
  }
  expect_spared(path);
  child.kill();
  PrivateDirectory::remove_abandoned();
  EXPECT_THAT(there(), ::testing::IsEmpty());
}

TEST_F(AbandonedDirectories, AreRemovedThoughAProgramOfTheOwnerLivesOn) {
  ChildProcess program;
  {
    const auto mine = PrivateDirectory::create();
    ASSERT_TRUE(mine);
    program = std::move(ChildProcess::start({"sleep", "60"}).value());
    fs::rename(mine->path(), base_.path() / "tpmprobe-abcdef");
  }
  PrivateDirectory::remove_abandoned();
  EXPECT_THAT(there(), ::testing::IsEmpty());
}

TEST_F(AbandonedDirectories, AreNotThoseOfVersionsThatHadNoOwnerFile) {
  const auto old = base_.path() / "tpmprobe-abcdef";
  fs::create_directory(old);
  std::ofstream(old / ".owner.new") << "";  // nor one that is just being made
  expect_spared(old);
}

TEST_F(AbandonedDirectories, AreNotThoseWithAnotherName) {
  leave_one_behind();
  for (const char* name : {"tpmprobe", "tpmprobe-abcde", "tpmprobe-abcdefg", "Tpmprobe-abcdef"}) {
    const auto other = base_.path() / name;
    fs::rename(only_one(), other);
    expect_spared(other);
  }
}

TEST_F(AbandonedDirectories, AreNotWhatASymbolicLinkLeadsTo) {
  leave_one_behind();
  const auto target = base_.path() / "target";
  fs::rename(only_one(), target);
  fs::create_directory_symlink(target, base_.path() / "tpmprobe-abcdef");
  expect_spared(base_.path() / "tpmprobe-abcdef");
  EXPECT_TRUE(fs::exists(target / "a" / "file"));
}

TEST_F(AbandonedDirectories, DoNotLeadOutOfThemselvesByALink) {
  leave_one_behind();
  const auto one = only_one();
  const auto outside = base_.path() / "outside";
  fs::create_directory(outside);
  std::ofstream(outside / "file") << "x";
  fs::create_directory_symlink(outside, one / "link");
  PrivateDirectory::remove_abandoned();
  EXPECT_FALSE(fs::exists(one));
  EXPECT_TRUE(fs::exists(outside / "file"));
}

TEST_F(AbandonedDirectories, AreNotThoseWhoseOwnerFileIsALink) {
  leave_one_behind();
  const auto one = only_one();
  fs::rename(one / ".owner", base_.path() / "elsewhere");
  fs::create_symlink(base_.path() / "elsewhere", one / ".owner");
  expect_spared(one);
}

TEST_F(AbandonedDirectories, AreNotThoseOfAnotherUser) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a folder to another user";
  constexpr uid_t kOther = 65534;
  leave_one_behind();
  const auto one = only_one();
  ASSERT_EQ(::chown(one.c_str(), kOther, kOther), 0);
  expect_spared(one);
  // Nor by a file that another user put into a folder of ours.
  ASSERT_EQ(::chown(one.c_str(), 0, 0), 0);
  ASSERT_EQ(::chown((one / ".owner").c_str(), kOther, kOther), 0);
  expect_spared(one);
}

TEST_F(AbandonedDirectories, AreRemovedByManyStartsAtOnceAndNoneThatIsJustMade) {
  constexpr int kLeft = 20, kProcesses = 4, kRounds = 100;
  for (int i = 0; i < kLeft; ++i) leave_one_behind();
  std::vector<Child> starts;
  for (int i = 0; i < kProcesses; ++i) {
    starts.push_back(std::move(Child::fork([] {
                                 for (int round = 0; round < kRounds; ++round) {
                                   const auto mine = PrivateDirectory::create();
                                   if (!mine) return 1;
                                   std::ofstream(mine->path() / "file") << "x";
                                   PrivateDirectory::remove_abandoned();
                                   if (!fs::exists(mine->path() / "file")) return 2;
                                 }
                                 return 0;
                               }).value()));
  }
  for (auto& start : starts) EXPECT_EQ(start.wait(TimePoint::max(), SystemClock{})->code, 0);
  EXPECT_THAT(there(), ::testing::IsEmpty());
}

TEST_F(AbandonedDirectories, AreNotWhatTookTheNameOfOneThatIsGone) {
  const auto outside = base_.path() / "outside";
  fs::create_directory(outside);
  std::ofstream(outside / "file") << "x";
  {
    const auto mine = PrivateDirectory::create();
    ASSERT_TRUE(mine);
    fs::remove_all(mine->path());
    fs::create_directory_symlink(outside, mine->path());
  }
  EXPECT_TRUE(fs::exists(outside / "file"));
}

}  // namespace
}  // namespace tpmprobe::tpm
