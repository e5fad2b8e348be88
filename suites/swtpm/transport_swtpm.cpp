// SPDX-License-Identifier: BSD-2-Clause
#include <atomic>
#include <csignal>
#include <thread>
#include <vector>

#include <gmock/gmock.h>

#include "emulator/swtpm_process.h"
#include "suites/support/raw_commands.h"
#include "suites/support/waiting.h"
#include "tpm/transport/open.h"

namespace tpmprobe::tpm {
namespace {

using namespace std::chrono_literals;

bool is_random(const Expected<Bytes>& response) {
  return response && raw::is_random(*response);
}

class TransportOnSwtpm : public ::testing::Test {
 protected:
  void SetUp() override {
    auto swtpm = emulator::SwtpmProcess::start();
    ASSERT_TRUE(swtpm) << swtpm.error().message;
    swtpm_ = std::move(*swtpm);
  }

  TransportPtr open(const std::string& tcti) {
    auto opened = open_transport(tcti, clock_);
    EXPECT_TRUE(opened) << opened.error().message;
    return opened ? std::move(opened->transport) : nullptr;
  }

  auto transmit(Transport& transport) {
    return transport.transmit(raw::kGetRandom, suites::patience_ends());
  }

  SystemClock clock_;
  std::unique_ptr<emulator::SwtpmProcess> swtpm_;
};

TEST_F(TransportOnSwtpm, SeveralClientsTakeTurns) {
  std::atomic<int> answered = 0;
  std::vector<std::jthread> clients;
  for (int client = 0; client < 4; ++client) {
    clients.emplace_back([&] {
      const auto transport = open(swtpm_->tcti());
      for (int round = 0; transport && round < 50; ++round) {
        if (is_random(transmit(*transport))) ++answered;
      }
    });
  }
  clients.clear();
  EXPECT_EQ(answered, 200);
}

TEST_F(TransportOnSwtpm, AKilledTpmIsNoDeviceAndComesBackAfterARestart) {
  const auto transport = open(swtpm_->tcti());
  ASSERT_TRUE(transport);
  ASSERT_TRUE(is_random(transmit(*transport)));
  ::kill(swtpm_->pid(), SIGKILL);
  auto response = transmit(*transport);
  while (response) response = transmit(*transport);
  EXPECT_THAT(response.error().kind, ::testing::AnyOf(Error::Kind::no_device, Error::Kind::closed));
  EXPECT_EQ(response.error().command, 0x17bU);
  ASSERT_TRUE(swtpm_->restart(emulator::PowerOff::sudden));
  EXPECT_TRUE(is_random(transmit(*transport)));
}

TEST_F(TransportOnSwtpm, AStoppedTpmTimesOutAndItsLateAnswerDisturbsNobody) {
  const auto transport = open(swtpm_->tcti());
  ASSERT_TRUE(transport);
  ASSERT_TRUE(suites::stop(swtpm_->pid()));
  const auto response = transport->transmit(raw::kGetRandom, clock_.now() + 50ms);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, Error::Kind::timeout);
  ::kill(swtpm_->pid(), SIGCONT);
  for (int round = 0; round < 3; ++round) EXPECT_TRUE(is_random(transmit(*transport)));
}

TEST_F(TransportOnSwtpm, TheHelperProcessReachesItThroughSocat) {
  const std::string socket = (swtpm_->directory() / "tpm").string();
  const auto transport = open("cmd:socat STDIO UNIX-CONNECT:" + socket);
  ASSERT_TRUE(transport);
  for (int round = 0; round < 3; ++round) EXPECT_TRUE(is_random(transmit(*transport)));
}

TEST_F(TransportOnSwtpm, TheHelperProcessGivesUpAStoppedTpmAndStartsAgain) {
  const std::string socket = (swtpm_->directory() / "tpm").string();
  const auto transport = open("cmd:socat STDIO UNIX-CONNECT:" + socket);
  ASSERT_TRUE(transport);
  ASSERT_TRUE(suites::stop(swtpm_->pid()));
  const auto response = transport->transmit(raw::kGetRandom, clock_.now() + 50ms);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, Error::Kind::timeout);
  ::kill(swtpm_->pid(), SIGCONT);
  EXPECT_TRUE(is_random(transmit(*transport)));
}

}  // namespace
}  // namespace tpmprobe::tpm
