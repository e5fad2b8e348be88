// SPDX-License-Identifier: BSD-2-Clause
#include <random>

#include <gtest/gtest.h>

#include "suites/unit/tpm/layer_support.h"
#include "tpm/layers/check_layer.h"
#include "tpm/layers/guard.h"
#include "tpm/layers/record_layer.h"
#include "tpm/layers/retry_layer.h"

/// Every layer on octets that nobody meant: none may crash, and what comes out on top must be
/// well-formed.
namespace tpmprobe::suites {
namespace {

constexpr int kRounds = 20000;

const std::vector<Bytes> kCommands = {
    plain(0x17b, "0004"),
    plain(0x17a, "00000000 00000000 0000007f"),
    plain(0x165, "80000000"),
    plain(0x173, "80000000"),
    plain(0x176, "40000007 40000007 0000 0000 00 0010 000b"),
    authorized(0x131, "40000007",
               "0004 0000 0000 000e 0008 000b 00000440 0000 0010 0000 0000 00000000"),
    plain(0x20000001, "00"),
};

const std::vector<Bytes> kResponses = {
    plain(0, "0004 01020304"),
    plain(0, "01 00000000 00000002 0001 00000009 000b 00000004"),
    plain(0),
    plain(0, "000e 0008 000b 00000440 0000 0010 0000 0000 0000"),
    plain(0, "02000000 0000"),
    message(0x8002, 0, "80000001 00000000 0000 01 0000"),
    plain(0x922),
};

/// The whole stack over a script, with everything allowed.
struct Stack {
  explicit Stack(Script& script) {
    auto record = std::make_unique<tpm::RecordLayer>(script.transport(), recorder, clock);
    auto check = std::make_unique<tpm::CheckLayer>(std::move(record), clock);
    auto retry = std::make_unique<tpm::RetryLayer>(std::move(check), clock);
    top =
        std::make_unique<tpm::Guard>(std::move(retry), tpm::GuardPolicy{0xFFFF, true, true, true});
  }
  ManualClock clock;
  tpm::Recorder recorder{{.attempts = 100, .octets = 1000}};
  tpm::TransportPtr top;
};

template <typename List>
const Bytes& any_of(const List& list, std::mt19937& random) {
  return list[random() % list.size()];
}

void damage(Bytes& octets, std::mt19937& random) {
  for (auto flips = random() % 4; flips > 0 && !octets.empty(); --flips) {
    octets[random() % octets.size()] = static_cast<std::uint8_t>(random());
  }
  if (random() % 4 == 0) octets.resize(random() % 40);
  if (random() % 2 == 0) tpm::header::store(octets, 2, 4, octets.size());
}

/// A response with the header of a success and any octets behind it.
Bytes noise(std::mt19937& random) {
  Bytes octets = message(random() % 2 == 0 ? 0x8001 : 0x8002, 0);
  octets.resize(octets.size() + random() % 64);
  for (std::size_t i = 10; i < octets.size(); ++i)
    octets[i] = static_cast<std::uint8_t>(random() % 5);
  tpm::header::store(octets, 2, 4, octets.size());
  return octets;
}

TEST(Layers, SurviveDamagedResponses) {
  std::mt19937 random(1);  // NOLINT: the same octets each time
  Script script;
  script.answer = [&](ByteView) {
    Bytes response = random() % 3 == 0 ? noise(random) : any_of(kResponses, random);
    damage(response, random);
    return response;
  };
  Stack stack(script);
  int passed = 0;
  for (int round = 0; round < kRounds; ++round) {
    const auto response = stack.top->transmit(any_of(kCommands, random), tpm::kNoDeadline);
    if (!response) continue;
    ++passed;
    ASSERT_EQ(tpm::header::claimed_size(*response), response->size());
  }
  EXPECT_GT(passed, 0);
}

TEST(Layers, SurviveDamagedCommands) {
  std::mt19937 random(2);  // NOLINT: the same octets each time
  Script script;
  script.answer = [&](ByteView) { return any_of(kResponses, random); };
  Stack stack(script);
  for (int round = 0; round < kRounds; ++round) {
    Bytes command = any_of(kCommands, random);
    damage(command, random);
    static_cast<void>(stack.top->transmit(command, tpm::kNoDeadline));
  }
  EXPECT_FALSE(script.commands.empty());
}

}  // namespace
}  // namespace tpmprobe::suites
