// SPDX-License-Identifier: BSD-2-Clause
// What a supervisor ends and removes, whichever process is killed.
#include <array>
#include <csignal>
#include <fstream>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

#include "suites/support/waiting.h"
#include "tpm/posix/stream.h"
#include "tpm/posix/supervisor.h"

namespace tpmprobe::tpm {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

pid_t receive_pid(int socket) {
  const SystemClock clock;
  pid_t pid = 0;
  auto* first = reinterpret_cast<std::uint8_t*>(&pid);
  EXPECT_TRUE(
      receive_all(socket, {first, sizeof pid}, suites::patience_ends(), clock, "the child"));
  return pid;
}

bool tell_pid(int socket, pid_t pid) {
  return ::send(socket, &pid, sizeof pid, MSG_NOSIGNAL) == sizeof pid;
}

/// In a supervisor: a daemon below it that has lost its parent and says its number, and a file.
int serve_a_daemon(int owner, const fs::path& folder) {
  std::ofstream(folder / "file") << "x";
  if (::fork() == 0) {
    if (::fork() == 0) {
      ::setsid();
      tell_pid(owner, ::getpid());
      ::pause();
    }
    ::_exit(0);
  }
  char none = 0;
  while (::recv(owner, &none, 1, 0) > 0) continue;
  return 0;
}

/// A process that owns such a supervisor, and what belongs to it.
class OwnerWithADaemon {
 public:
  OwnerWithADaemon() : sockets_(std::move(*make_socket_pair(SOCK_SEQPACKET))) {
    owner_ = std::move(*Child::fork([&] {
      const Descendants descendants;
      auto supervisor = Supervisor::start({.serve = serve_a_daemon, .settle = {}});
      if (!supervisor) return 1;
      const auto folder = supervisor->folder().native();
      const int socket = sockets_.theirs.get();
      if (!tell_pid(socket, supervisor->child().pid())) return 1;
      if (!tell_pid(socket, receive_pid(supervisor->socket()))) return 1;
      if (::send(socket, folder.data(), folder.size(), MSG_NOSIGNAL) < 0) return 1;
      supervisor->child().wait(TimePoint::max(), SystemClock{});
      descendants.kill();
      return 0;
    }));
    supervisor_ = receive_pid(sockets_.ours.get());
    daemon_ = watch_process(receive_pid(sockets_.ours.get()));
    Bytes path;
    const SystemClock clock;
    receive_some(sockets_.ours.get(), path, 4096, suites::patience_ends(), clock, "the owner")
        .value();
    folder_ = std::string(path.begin(), path.end());
  }

  [[nodiscard]] pid_t owner() const { return owner_.pid(); }
  [[nodiscard]] pid_t supervisor() const { return supervisor_; }

  void expect_there() const {
    const SystemClock clock;
    EXPECT_TRUE(daemon_);
    EXPECT_FALSE(ready_before(daemon_.get(), POLLIN, clock.now(), clock));
    EXPECT_TRUE(fs::exists(folder_ / "file"));
  }
  void expect_gone() const {
    EXPECT_TRUE(!daemon_ || suites::ends(daemon_));
    EXPECT_TRUE(suites::comes_true([&] { return !fs::exists(folder_); }));
  }

 private:
  SocketPair sockets_;
  Child owner_;
  pid_t supervisor_ = 0;
  UniqueFd daemon_;
  fs::path folder_;
};

TEST(Supervisor, LeavesNoDaemonAndNoFolderWhenItsOwnerIsKilled) {
  const OwnerWithADaemon tree;
  tree.expect_there();
  ::kill(tree.owner(), SIGKILL);
  tree.expect_gone();
}

TEST(Supervisor, LeavesTheRestToItsOwnerIfItIsKilledItself) {
  const OwnerWithADaemon tree;
  tree.expect_there();
  ::kill(tree.supervisor(), SIGKILL);
  tree.expect_gone();
}

TEST(Supervisor, IsNotTakenAlongWithTheProcessGroupOfItsOwner) {
  const OwnerWithADaemon tree;
  tree.expect_there();
  ::kill(-tree.owner(), SIGKILL);
  tree.expect_gone();
}

TEST(Supervisor, IsNotStoppedByWhatStopsItsOwner) {
  auto supervisor = Supervisor::start();
  ASSERT_TRUE(supervisor) << supervisor.error().message;
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::kill(supervisor->child().pid(), number);
  const SystemClock clock;
  EXPECT_FALSE(supervisor->child().wait(clock.now() + 20ms, clock));
  EXPECT_TRUE(fs::exists(supervisor->folder()));
}

TEST(Supervisor, EndsWithItsOwnersObjectAndRemovesTheFolder) {
  fs::path folder;
  UniqueFd process;
  {
    auto supervisor = Supervisor::start();
    ASSERT_TRUE(supervisor) << supervisor.error().message;
    folder = supervisor->folder();
    process = watch_process(supervisor->child().pid());
    std::ofstream(folder / "file") << "x";
    const auto moved = std::move(*supervisor);
    EXPECT_TRUE(fs::exists(folder / "file"));
  }
  EXPECT_FALSE(fs::exists(folder));
  EXPECT_TRUE(!process || suites::ends(process));
}

TEST(Supervisor, HasAFolderThatNoStartTakesFromItsOwnerEvenWithoutIt) {
  auto supervisor = Supervisor::start();
  ASSERT_TRUE(supervisor) << supervisor.error().message;
  supervisor->child().kill();
  PrivateDirectory::remove_abandoned();
  EXPECT_TRUE(fs::exists(supervisor->folder()));
}

TEST(Supervisor, PutsInOrderWhenAllBelowHasEndedAndBeforeTheFolderGoes) {
  auto sockets = make_socket_pair(SOCK_SEQPACKET);
  ASSERT_TRUE(sockets);
  fs::path folder;
  pid_t below = 0;
  const auto serve = [&](int, const fs::path& own) {
    folder = own;
    below = ::fork();
    if (below == 0) ::pause();
    return 7;
  };
  const auto settle = [&] {
    const bool ended = below > 0 && ::kill(below, 0) != 0;
    tell_pid(sockets->theirs.get(), ended && fs::exists(folder) ? 1 : 2);
  };
  auto supervisor = Supervisor::start({serve, settle, true});
  ASSERT_TRUE(supervisor) << supervisor.error().message;
  const auto status = supervisor->child().wait(TimePoint::max(), SystemClock{});
  EXPECT_EQ(status->code, 7);
  EXPECT_EQ(receive_pid(sockets->ours.get()), 1);
  EXPECT_FALSE(fs::exists(supervisor->folder()));
}

TEST(Supervisor, HoldsNothingOpenThatItDoesNotNeed) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  const UniqueFd reading(ends[0]);
  UniqueFd writing(ends[1]);
  const auto supervisor = Supervisor::start();
  ASSERT_TRUE(supervisor) << supervisor.error().message;
  writing.reset();
  EXPECT_TRUE(suites::ends(reading));
}

TEST(Supervisor, SaysWhereItsFolderCannotBe) {
  const char* configured = std::getenv("TMPDIR");
  const std::string before = configured == nullptr ? "/tmp" : configured;
  ::setenv("TMPDIR", "/nonexistent", 1);
  const auto supervisor = Supervisor::start();
  ::setenv("TMPDIR", before.c_str(), 1);
  ASSERT_FALSE(supervisor);
  EXPECT_THAT(supervisor.error().message, ::testing::HasSubstr("/nonexistent"));
}

TEST(Descendants, SpareTheChildrenOfBefore) {
  auto owner = Child::fork([] {
    auto before = Child::fork([] { return ::pause(); });
    const Descendants descendants;
    auto after = Child::fork([] { return ::pause(); });
    if (!before || !after) return 1;
    descendants.kill();
    const SystemClock clock;
    return before->wait(clock.now(), clock) || ::kill(after->pid(), 0) == 0 ? 2 : 0;
  });
  ASSERT_TRUE(owner);
  EXPECT_EQ(owner->wait(TimePoint::max(), SystemClock{})->code, 0);
}

}  // namespace
}  // namespace tpmprobe::tpm
