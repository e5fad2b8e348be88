// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/swtpm_process.h"

#include <array>
#include <csignal>
#include <fstream>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include "suites/support/raw_commands.h"
#include "suites/support/waiting.h"
#include "tpm/posix/process.h"
#include "tpm/transport/open.h"

namespace tpmprobe::emulator {
namespace {

using ::testing::HasSubstr;

/// Response code of one command to the TPM at `tcti`.
std::uint64_t rc(const std::string& tcti, const Bytes& command) {
  tpm::SystemClock clock;
  auto opened = tpm::open_transport(tcti, clock);
  EXPECT_TRUE(opened) << opened.error().message;
  if (!opened) return ~0U;
  const auto response = opened->transport->transmit(command, suites::patience_ends());
  EXPECT_TRUE(response) << response.error().message;
  return response ? raw::code(*response) : ~0U;
}

class SwtpmChild : public ::testing::Test {
 protected:
  void SetUp() override {
    auto swtpm = SwtpmProcess::start();
    ASSERT_TRUE(swtpm) << swtpm.error().message;
    swtpm_ = std::move(*swtpm);
  }

  std::unique_ptr<SwtpmProcess> swtpm_;
};

TEST_F(SwtpmChild, AnswersAtItsTcti) {
  EXPECT_THAT(swtpm_->tcti(), ::testing::StartsWith("swtpm:path=/"));
  EXPECT_EQ(rc(swtpm_->tcti(), raw::kGetRandom), 0U);
}

TEST_F(SwtpmChild, ServesOtherPrograms) {
  if (!tpm::find_program("tpm2_getrandom")) GTEST_SKIP() << "tpm2-tools are not installed";
  const auto result =
      tpm::run_process({"tpm2_getrandom", "-T", swtpm_->tcti(), "--hex", "8"}, suites::patiently());
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_TRUE(result->status.succeeded()) << result->errors;
  EXPECT_EQ(result->output.size(), 16U);
}

TEST_F(SwtpmChild, StopsAndTakesItsDirectoryAlong) {
  const auto directory = swtpm_->directory();
  const auto process = tpm::watch_process(swtpm_->pid());
  const auto stopped = swtpm_->stop();
  EXPECT_TRUE(stopped) << stopped.error().message;
  EXPECT_TRUE(!process || suites::ends(process));
  EXPECT_FALSE(std::filesystem::exists(directory));
  EXPECT_EQ(swtpm_->pid(), 0);
  EXPECT_TRUE(swtpm_->stop());
}

TEST_F(SwtpmChild, GoesWithItsOwner) {
  const auto directory = swtpm_->directory();
  const auto process = tpm::watch_process(swtpm_->pid());
  swtpm_.reset();
  EXPECT_TRUE(suites::ends(process));
  EXPECT_FALSE(std::filesystem::exists(directory));
}

TEST_F(SwtpmChild, KeepsItsStateOverARestart) {
  ASSERT_EQ(rc(swtpm_->tcti(), raw::kNvDefine), 0U);
  const pid_t first = swtpm_->pid();
  for (const PowerOff how : {PowerOff::sudden, PowerOff::orderly}) {
    const auto restarted = swtpm_->restart(how);
    ASSERT_TRUE(restarted) << restarted.error().message;
    EXPECT_NE(swtpm_->pid(), first);
    EXPECT_EQ(rc(swtpm_->tcti(), raw::kNvReadPublic), 0U);
  }
}

TEST_F(SwtpmChild, CanBeRestartedAfterSomebodyKilledIt) {
  const auto process = tpm::watch_process(swtpm_->pid());
  ::kill(swtpm_->pid(), SIGKILL);
  ASSERT_TRUE(suites::ends(process));
  EXPECT_FALSE(swtpm_->restart(PowerOff::orderly));
  const auto restarted = swtpm_->restart(PowerOff::sudden);
  ASSERT_TRUE(restarted) << restarted.error().message;
  EXPECT_EQ(rc(swtpm_->tcti(), raw::kGetRandom), 0U);
}

TEST_F(SwtpmChild, RunsBesideAnother) {
  auto second = SwtpmProcess::start();
  ASSERT_TRUE(second) << second.error().message;
  ASSERT_EQ(rc(swtpm_->tcti(), raw::kNvDefine), 0U);
  EXPECT_NE(rc((*second)->tcti(), raw::kNvReadPublic), 0U);
  const auto directory = swtpm_->directory();
  swtpm_.reset();
  EXPECT_FALSE(std::filesystem::exists(directory));
  EXPECT_EQ(rc((*second)->tcti(), raw::kGetRandom), 0U);
}

TEST_F(SwtpmChild, LivesOnWhenTheThreadThatStartedItEnds) {
  std::unique_ptr<SwtpmProcess> swtpm;
  std::thread([&] {
    auto started = SwtpmProcess::start();
    if (started) swtpm = std::move(*started);
  }).join();
  ASSERT_TRUE(swtpm);
  EXPECT_EQ(rc(swtpm->tcti(), raw::kGetRandom), 0U);
}

TEST(SwtpmKilled, LeavesNeitherProcessNorDirectoryWhenItsOwnerIsKilled) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  auto owner = tpm::Child::fork([&] {
    auto swtpm = SwtpmProcess::start();
    const pid_t pid = swtpm ? (*swtpm)->pid() : 0;
    const std::string directory = swtpm ? (*swtpm)->directory().string() : "";
    if (::write(ends[1], &pid, sizeof pid) != sizeof pid) return 1;
    if (::write(ends[1], directory.data(), directory.size()) < 0) return 1;
    ::close(ends[1]);
    return ::pause();
  });
  ASSERT_TRUE(owner);
  pid_t pid = 0;
  ASSERT_EQ(::read(ends[0], &pid, sizeof pid), static_cast<ssize_t>(sizeof pid));
  std::array<char, 4096> text{};
  const ssize_t count = ::read(ends[0], text.data(), text.size());
  ASSERT_GT(count, 0);
  const std::filesystem::path directory(std::string(text.data(), static_cast<std::size_t>(count)));
  ASSERT_TRUE(std::filesystem::exists(directory));
  const auto process = tpm::watch_process(pid);
  ASSERT_TRUE(process);
  ::kill(owner->pid(), SIGKILL);
  EXPECT_TRUE(suites::ends(process));
  EXPECT_TRUE(suites::comes_true([&] { return !std::filesystem::exists(directory); }));
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(SwtpmMissing, NamesThePackage) {
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", "/nonexistent", 1);
  const auto swtpm = SwtpmProcess::start();
  ::setenv("PATH", path.c_str(), 1);
  ASSERT_FALSE(swtpm);
  EXPECT_EQ(swtpm.error().kind, Error::Kind::no_device);
  EXPECT_THAT(swtpm.error().message, HasSubstr("package swtpm"));
}

TEST(SwtpmBroken, GivesTheLastLineOfOneThatEndsAtOnce) {
  auto folder = tpm::PrivateDirectory::create();
  ASSERT_TRUE(folder);
  const auto program = folder->path() / "swtpm";
  std::ofstream(program) << "#!/bin/sh\necho 'the state is of no use' >&2\nexit 1\n";
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", (folder->path().string() + ":" + path).c_str(), 1);
  const auto swtpm = SwtpmProcess::start();
  ::setenv("PATH", path.c_str(), 1);
  ASSERT_FALSE(swtpm);
  EXPECT_EQ(swtpm.error().kind, Error::Kind::no_device);
  EXPECT_THAT(swtpm.error().message, HasSubstr("the state is of no use"));
}

}  // namespace
}  // namespace tpmprobe::emulator
