// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include "emulator/emulation.h"
#include "emulator/firmware/latency_layer.h"
#include "suites/emulator/firmware_support.h"

/// Answers come as late as they were measured, and layers come in the order of `emulate`.
namespace tpmprobe::suites {
namespace {

using std::chrono::milliseconds;

constexpr std::uint32_t kCreatePrimary = 0x131, kSign = 0x15d;

knowledge::OperationTime takes(std::uint32_t command, double average_ms) {
  knowledge::OperationTime time;
  time.command = command;
  time.average_ms = average_ms;
  return time;
}

class FirmwareLatency : public testing::Test {
 protected:
  void SetUp() override {
    auto any_key = takes(kCreatePrimary, 100);
    auto p384 = takes(kCreatePrimary, 30);
    p384.type = 0x23;
    p384.curve = 4;
    auto p256 = p384;
    p256.curve = 3;
    p256.average_ms = 20;
    auto rsa = takes(kCreatePrimary, 5000);
    rsa.type = 1;
    auto ecdsa = takes(kSign, 6);
    ecdsa.scheme = 0x18;
    times = {any_key, p256, p384, rsa, ecdsa};
  }
  /// How long the answer to a command takes.
  tpm::Duration of(const Bytes& command, tpm::TimePoint deadline = tpm::kNoDeadline) {
    emulator::LatencyLayer layer(script.transport(), times, clock);
    const auto start = clock.now();
    answer = layer.transmit(command, deadline);
    return clock.now() - start;
  }

  ManualClock clock;
  Script script = always(plain(0));
  std::vector<knowledge::OperationTime> times;
  Expected<Bytes> answer;
};

TEST_F(FirmwareLatency, IsThatOfTheRowThatSaysMost) {
  EXPECT_EQ(of(create_primary(p384_area())), milliseconds(30));
  EXPECT_EQ(of(create_primary("0008 000b 00040072 0000 0005 000b 0000")), milliseconds(100));
  EXPECT_EQ(of(sign(32)), milliseconds(6));
  EXPECT_EQ(of(sign(32, "001a 000b 0000")), milliseconds(0)) << "another scheme";
  EXPECT_EQ(of(plain(0x17b, "0010")), milliseconds(0));
}

TEST_F(FirmwareLatency, ARefusalComesAtOnce) {
  script = always(plain(0x1d5));
  EXPECT_EQ(of(sign(48)), milliseconds(0));
}

TEST_F(FirmwareLatency, NoAnswerAfterTheDeadline) {
  EXPECT_EQ(of(create_primary(p384_area()), clock.now() + milliseconds(10)), milliseconds(10));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, Error::Kind::timeout);
  EXPECT_TRUE(script.commands.empty());
}

TEST_F(FirmwareLatency, EmulationPutsQuirksAndTimesOnTheFirmware) {
  auto embedded = emulator::EmbeddedTpm::create();
  ASSERT_TRUE(embedded) << embedded.error().message;
  emulator::EmulationSpec spec;
  spec.firmware = small_firmware();
  spec.firmware->times = times;
  spec.firmware->rsa_bits->push_back(4096);
  spec.measured_latency = true;
  knowledge::Quirk quirk;
  quirk.rules = {{{.commands = {0x17d}}, emulator::AnswerCode{0x101, false}}};
  spec.quirks = {quirk};
  auto stack = emulator::emulate(std::move(*embedded), std::move(spec), clock);
  ASSERT_TRUE(stack) << stack.error().message;
  EXPECT_EQ(stack->missing, std::vector<std::string>{"rsa4096"});

  const auto code = [&](const Bytes& command) {
    const auto response = stack->top->transmit(command, tpm::kNoDeadline);
    return response ? knowledge::response_code(*response) : 1;
  };
  EXPECT_EQ(code(plain(0x17d, "0001 61 000c 40000007")), 0x101U) << "the quirk is above";
  EXPECT_EQ(code(create_primary(p384_area("000c"))), 0x2c3U);
  EXPECT_TRUE(clock.sleeps.empty());
  EXPECT_EQ(code(create_primary(p384_area())), 0U);
  EXPECT_EQ(clock.sleeps.size(), 1U);
}

TEST_F(FirmwareLatency, EmulationWithoutAnythingIsTheEngine) {
  auto engine = script.transport();
  const auto* bare = engine.get();
  auto stack = emulator::emulate(std::move(engine), {}, clock);
  ASSERT_TRUE(stack) << stack.error().message;
  EXPECT_EQ(stack->top.get(), bare);
}

}  // namespace
}  // namespace tpmprobe::suites
