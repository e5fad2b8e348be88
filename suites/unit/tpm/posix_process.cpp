// SPDX-License-Identifier: BSD-2-Clause
#include <array>
#include <csignal>
#include <fstream>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "suites/support/waiting.h"
#include "tpm/posix/descriptor.h"
#include "tpm/posix/private_directory.h"
#include "tpm/posix/process.h"

namespace tpmprobe::tpm {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

TEST(RunProcess, GivesOutputErrorsAndExitCode) {
  const auto result = run_process({"sh", "-c", "echo out; echo err >&2; exit 3"});
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->output, "out\n");
  EXPECT_EQ(result->errors, "err\n");
  EXPECT_EQ(result->status.code, 3);
  EXPECT_FALSE(result->status.succeeded());
  EXPECT_FALSE(result->truncated);
}

TEST(RunProcess, EndsAProgramWhenTheRunIsStopped) {
  std::atomic<bool> stop = false;
  ProcessOptions options;
  options.timeout = suites::kPatience;
  options.stop = &stop;
  EXPECT_TRUE(run_process({"true"}, options));
  const auto directory = PrivateDirectory::create();
  ASSERT_TRUE(directory);
  options.directory = directory->path();
  std::thread stopper([&] {
    EXPECT_TRUE(suites::comes_true([&] { return exists(directory->path() / "it-runs"); }));
    stop = true;
  });
  const auto result = run_process({"sh", "-c", "touch it-runs; exec sleep infinity"}, options);
  stopper.join();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, Error::Kind::interrupted);
}

TEST(RunProcess, NamesTheSignalThatEndedTheProgram) {
  const auto result = run_process({"sh", "-c", "kill -TERM $$"});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->status.signal, SIGTERM);
  EXPECT_FALSE(result->status.succeeded());
}

TEST(RunProcess, GivesTheInputAlsoByItsName) {
  ProcessOptions options;
  options.input = std::string(300'000, 'x');
  const auto result = run_process({"sh", "-c", "wc -c < /dev/stdin"}, options);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->output, "300000\n");
}

TEST(RunProcess, IsNotEndedByAProgramThatDoesNotReadItsInput) {
  ProcessOptions options;
  options.input = std::string(300'000, 'x');
  const auto result = run_process({"true"}, options);
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->status.succeeded());
}

TEST(RunProcess, AddsAndRemovesVariablesOfTheEnvironment) {
  ::setenv("TPMPROBE_TEST_OLD", "old", 1);
  ProcessOptions options;
  options.environment = {{"TPMPROBE_TEST_NEW", "new"}, {"TPMPROBE_TEST_OLD", std::nullopt}};
  const auto result = run_process(
      {"sh", "-c", "echo ${TPMPROBE_TEST_NEW-none} ${TPMPROBE_TEST_OLD-none}"}, options);
  ::unsetenv("TPMPROBE_TEST_OLD");
  ASSERT_TRUE(result);
  EXPECT_EQ(result->output, "new none\n");
}

TEST(RunProcess, RunsInTheDirectoryGiven) {
  ProcessOptions options;
  options.directory = "/usr";
  const auto result = run_process({"pwd"}, options);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->output, "/usr\n");
}

TEST(RunProcess, HasNoTerminalToAskOn) {
  const auto result = run_process({"sh", "-c", "(: < /dev/tty) 2> /dev/null && echo terminal"});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->output, "");
}

TEST(RunProcess, KeepsNoMoreOutputThanTheLimit) {
  ProcessOptions options;
  options.output_limit = 1000;
  const auto result = run_process({"sh", "-c", "head -c 2000000 /dev/zero"}, options);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->output.size(), 1000U);
  EXPECT_TRUE(result->truncated);
  EXPECT_TRUE(result->status.succeeded());
}

TEST(RunProcess, EndsAProgramThatTakesTooLong) {
  ProcessOptions options;
  options.timeout = 50ms;
  const auto result = run_process({"sleep", "infinity"}, options);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, Error::Kind::timeout);
  EXPECT_THAT(result.error().message, HasSubstr("sleep"));
}

TEST(RunProcess, EndsAnEndlessTalkerInTime) {
  ProcessOptions options;
  options.timeout = 50ms;
  const auto result = run_process({"yes"}, options);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, Error::Kind::timeout);
}

TEST(RunProcess, DoesNotWaitForAGrandchildThatKeepsTheOutputOpen) {
  const auto result = run_process({"sh", "-c", "sleep infinity & echo $!"});
  ASSERT_TRUE(result);
  const UniqueFd grandchild = watch_process(std::stoi(result->output));
  EXPECT_TRUE(!grandchild || suites::ends(grandchild));
}

TEST(RunProcess, SaysThatAProgramIsNotInstalled) {
  const auto result = run_process({"tpmprobe-no-such-program"});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, Error::Kind::io);
  EXPECT_EQ(result.error().message, "tpmprobe-no-such-program is not installed");
}

TEST(RunProcess, NamesAFileThatMayNotBeExecuted) {
  auto directory = PrivateDirectory::create();
  ASSERT_TRUE(directory);
  const auto file = directory->path() / "data";
  std::ofstream(file) << "data";
  const auto result = run_process({file.string()});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, Error::Kind::no_access);
  EXPECT_THAT(result.error().message, HasSubstr("cannot run " + file.string()));
}

TEST(RunProcess, NamesAFileThatIsBeingWritten) {
  auto directory = PrivateDirectory::create();
  ASSERT_TRUE(directory);
  const auto file = directory->path() / "program";
  std::filesystem::copy_file("/bin/true", file);
  std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  const UniqueFd writer(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
  const auto result = run_process({file.string()});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, Error::Kind::io);
  EXPECT_THAT(result.error().message, HasSubstr("Text file busy"));
}

TEST(RunProcess, LeavesNoOpenDescriptorsToTheProgram) {
  const UniqueFd inheritable(::open("/dev/null", O_RDONLY));
  const auto result = run_process({"sh", "-c", "ls /proc/$$/fd"});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->output, "0\n1\n2\n");
}

TEST(ChildProcess, WritesToTheDescriptorGiven) {
  auto directory = PrivateDirectory::create();
  ASSERT_TRUE(directory);
  const auto file = directory->path() / "log";
  const UniqueFd log(::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  ProcessOptions options;
  options.output_fd = log.get();
  options.error_fd = log.get();
  auto process = ChildProcess::start({"sh", "-c", "echo out; echo err >&2"}, options);
  ASSERT_TRUE(process);
  ASSERT_TRUE(process->child().wait(TimePoint::max(), SystemClock{}));
  std::ifstream stream(file);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(stream), {}), "out\nerr\n");
}

TEST(ChildProcess, WaitsNoLongerThanAsked) {
  auto process = ChildProcess::start({"sleep", "infinity"});
  ASSERT_TRUE(process);
  const SystemClock clock;
  EXPECT_FALSE(process->child().wait(clock.now() + 10ms, clock));
  process->child().kill();
  const auto status = process->child().wait(TimePoint::max(), clock);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->signal, SIGKILL);
}

TEST(ChildProcess, IsKilledAndReapedWithItsOwner) {
  pid_t pid = 0;
  {
    auto process = ChildProcess::start({"sleep", "infinity"});
    ASSERT_TRUE(process);
    pid = process->child().pid();
    EXPECT_EQ(::kill(pid, 0), 0);
  }
  EXPECT_EQ(::kill(pid, 0), -1);
}

TEST(ChildProcess, DiesWithUsEvenIfWeAreKilled) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  auto owner = Child::fork([&] {
    auto process = ChildProcess::start({"sleep", "infinity"});
    const pid_t pid = process ? process->child().pid() : 0;
    if (::write(ends[1], &pid, sizeof pid) != sizeof pid) return 1;
    return ::pause();
  });
  ASSERT_TRUE(owner);
  pid_t pid = 0;
  ASSERT_EQ(::read(ends[0], &pid, sizeof pid), static_cast<ssize_t>(sizeof pid));
  const UniqueFd process = watch_process(pid);
  ASSERT_TRUE(process);
  ::kill(owner->pid(), SIGKILL);
  EXPECT_TRUE(suites::ends(process));
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(FindProgram, LooksInPathAndSbin) {
  const char* path = std::getenv("PATH");
  const std::string before = path == nullptr ? "" : path;
  ::setenv("PATH", "/usr/bin", 1);
  EXPECT_EQ(find_program("env"), "/usr/bin/env");
  EXPECT_TRUE(find_program("ldconfig"));
  EXPECT_EQ(find_program("/usr/bin/env"), "/usr/bin/env");
  EXPECT_FALSE(find_program("/usr/bin"));
  EXPECT_FALSE(find_program("tpmprobe-no-such-program"));
  EXPECT_FALSE(find_program(""));
  ::setenv("PATH", before.c_str(), 1);
}

TEST(PrivateDirectory, IsForThisUserOnlyAndGoesWithItsOwner) {
  std::filesystem::path path;
  {
    auto directory = PrivateDirectory::create();
    ASSERT_TRUE(directory);
    path = directory->path();
    struct stat info{};
    ASSERT_EQ(::stat(path.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 07777U, 0700U);
    std::filesystem::create_directories(path / "a" / "b");
    std::ofstream(path / "a" / "b" / "file") << "x";
    const PrivateDirectory moved = std::move(*directory);
    EXPECT_TRUE(std::filesystem::exists(path));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(PrivateDirectory, SaysWhereItCannotBe) {
  const char* configured = std::getenv("TMPDIR");
  const std::string before = configured == nullptr ? "/tmp" : configured;
  ::setenv("TMPDIR", "/nonexistent", 1);
  const auto directory = PrivateDirectory::create();
  ::setenv("TMPDIR", before.c_str(), 1);
  ASSERT_FALSE(directory);
  EXPECT_THAT(directory.error().message, HasSubstr("/nonexistent"));
}

TEST(Poll, RoundsTheTimeLeftUp) {
  const SystemClock clock;
  EXPECT_EQ(milliseconds_left(TimePoint::max(), clock), -1);
  EXPECT_EQ(milliseconds_left(clock.now() - 1s, clock), 0);
  EXPECT_GE(milliseconds_left(clock.now() + 10s, clock), 1);
  EXPECT_LE(milliseconds_left(clock.now() + 10s, clock), 10'000);
  EXPECT_GT(milliseconds_left(clock.now() + std::chrono::hours(24 * 365), clock), 0);
}

}  // namespace
}  // namespace tpmprobe::tpm
