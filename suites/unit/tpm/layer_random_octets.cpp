// SPDX-License-Identifier: BSD-2-Clause
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "knowledge/evidence.h"
#include "suites/unit/tpm/layer_support.h"
#include "tpm/digest.h"
#include "tpm/stack.h"

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

/// An answer to TPM2_ReadPublic whose Name is right, or is not.
Bytes with_name(bool right) {
  const std::string area = "0008 000b 00000440 0000 0010 0000";
  Bytes octets = plain(0, "000e" + area + "0022");
  Bytes name = tpm::name_of(hex(area));
  if (!right) name.back() ^= 1U;
  octets.insert(octets.end(), name.begin(), name.end());
  octets.insert(octets.end(), {0, 0});
  tpm::header::store(octets, tpm::header::kSizeOffset, 4, octets.size());
  return octets;
}

const std::vector<Bytes> kResponses = {
    plain(0, "0004 01020304"),
    plain(0, "01 00000000 00000002 0001 00000009 000b 00000004"),
    plain(0),
    plain(0, "000e 0008 000b 00000440 0000 0010 0000 0000 0000"),
    plain(0, "02000000 0000"),
    message(0x8002, 0, "80000001 00000000 0000 01 0000"),
    plain(0x922),
    with_name(true),
    with_name(false),
};

/// The stack of a run over a script, with everything allowed.
struct Stack {
  explicit Stack(Script& script)
      : top(tpm::make_stack(script.transport(), recorder, clock,
                            tpm::GuardPolicy{0xFFFF, true, true, true}, nullptr)
                .top) {}
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
  int passed = 0, misnamed = 0;
  for (int round = 0; round < kRounds; ++round) {
    const auto response = stack.top->transmit(any_of(kCommands, random), tpm::kNoDeadline);
    if (!response) {
      misnamed += response.error().evidence == knowledge::evidence::kNameWrong ? 1 : 0;
      continue;
    }
    ++passed;
    ASSERT_EQ(tpm::header::claimed_size(*response), response->size());
  }
  EXPECT_GT(passed, 0);
  EXPECT_GT(misnamed, 0) << "the topmost layer had nothing to say";
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
