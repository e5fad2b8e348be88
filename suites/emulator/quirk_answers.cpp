// SPDX-License-Identifier: BSD-2-Clause
#include <random>

#include <gmock/gmock.h>

#include "suites/emulator/quirk_support.h"

namespace tpmprobe::suites {
namespace {

using emulator::Effect;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::IsEmpty;

const Bytes kAskRandom = plain(0x17b, "0004");
const Bytes kRandom = plain(0, "0004 01020304");

/// One command through one effect.
class QuirkEffect : public testing::Test {
 protected:
  Expected<Bytes> send(const Effect& effect, tpm::TimePoint deadline = tpm::kNoDeadline) {
    return with_rules(script, {{{}, effect}}, clock).transmit(kAskRandom, deadline);
  }
  ManualClock clock;
  Script script = always(kRandom);
};

TEST_F(QuirkEffect, AnswersWithACodeInsteadOfTheTpm) {
  EXPECT_EQ(send(emulator::AnswerCode{0x1d5}), hex("8001 0000000a 000001d5"));
  EXPECT_THAT(script.commands, IsEmpty());
}

TEST_F(QuirkEffect, NeverAnswersUntilTheDeadline) {
  const auto deadline = clock.now() + seconds(20);
  const auto result = send(emulator::NeverAnswer{}, deadline);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, Error::Kind::timeout);
  EXPECT_EQ(result.error().command, 0x17bU);
  EXPECT_EQ(clock.now(), deadline);
  EXPECT_THAT(script.commands, IsEmpty());
}

TEST_F(QuirkEffect, NeverAnswersACallerWithoutDeadlineEither) {
  EXPECT_EQ(send(emulator::NeverAnswer{}).error().kind, Error::Kind::timeout);
  EXPECT_EQ(clock.now() - tpm::TimePoint{}, std::chrono::hours(1));
}

TEST_F(QuirkEffect, DelaysOnTheClock) {
  EXPECT_EQ(send(emulator::Delay{seconds(3)}, clock.now() + seconds(3)), kRandom);
  EXPECT_EQ(clock.now() - tpm::TimePoint{}, seconds(3));
}

TEST_F(QuirkEffect, ADelayBeyondTheDeadlineIsATimeout) {
  const auto deadline = clock.now() + seconds(2);
  EXPECT_EQ(send(emulator::Delay{seconds(3)}, deadline).error().kind, Error::Kind::timeout);
  EXPECT_EQ(clock.now(), deadline);
}

TEST_F(QuirkEffect, ClosesTheConnection) {
  EXPECT_EQ(send(emulator::CloseConnection{}).error().kind, Error::Kind::closed);
  EXPECT_THAT(script.commands, IsEmpty());
}

TEST_F(QuirkEffect, CutsTheResponse) {
  EXPECT_EQ(send(emulator::Truncate{4}), hex("8001 00000010 00000000 0004"));
  EXPECT_EQ(send(emulator::Truncate{4, true}), hex("8001 0000000c 00000000 0004"));
  EXPECT_EQ(send(emulator::Truncate{100}), Bytes{});
  EXPECT_EQ(send(emulator::Truncate{13, true}), hex("8001 00")) << "no header left to tell a size";
}

TEST_F(QuirkEffect, ExtendsTheResponse) {
  EXPECT_EQ(send(emulator::Append{{0xaa, 0xbb}}), hex("8001 00000010 00000000 0004 01020304 aabb"));
  EXPECT_EQ(send(emulator::Append{{0xaa, 0xbb}, true}),
            hex("8001 00000012 00000000 0004 01020304 aabb"));
}

TEST_F(QuirkEffect, ChangesTheHeader) {
  EXPECT_EQ(send(emulator::SetTag{0x1234}), hex("1234 00000010 00000000 0004 01020304"));
  EXPECT_EQ(send(emulator::SetSize{5000}), hex("8001 00001388 00000000 0004 01020304"));
}

TEST_F(QuirkEffect, EchoesTheCommand) {
  EXPECT_EQ(send(emulator::Echo{}), kAskRandom);
}

TEST_F(QuirkEffect, ErrorsFromBelowPass) {
  script = always(fail(Error::Kind::io, 0, "broken"));
  for (const Effect& effect :
       {Effect(emulator::Truncate{1}), Effect(emulator::RepeatAnswer{}),
        Effect(emulator::SetProperty{1, 1}), Effect(emulator::Delay{milliseconds(1)})}) {
    EXPECT_EQ(send(effect).error().kind, Error::Kind::io);
  }
}

TEST_F(QuirkEffect, RepeatsTheFirstAnswer) {
  std::uint8_t count = 0;
  script.answer = [&](ByteView) {
    Bytes response = plain(0, "0001 00");
    response.back() = ++count;
    return response;
  };
  auto layer = with_rules(script, {{{}, emulator::RepeatAnswer{}}}, clock);
  const auto first = layer.transmit(kAskRandom, tpm::kNoDeadline);
  ASSERT_TRUE(first);
  EXPECT_EQ(layer.transmit(kAskRandom, tpm::kNoDeadline), *first);
  EXPECT_EQ(script.commands.size(), 1U);
}

TEST_F(QuirkEffect, RepeatsAPageOfAListThatNeverEnds) {
  script = always(plain(0, "00 00000000 00000001 000b 00000004"));
  auto layer = with_rules(
      script, {{{.values = {{"capability", {0}}}}, emulator::RepeatAnswer{.more_data = true}}},
      clock);
  const auto first = layer.transmit(get_capability(0, 0, 1), tpm::kNoDeadline);
  ASSERT_TRUE(first);
  EXPECT_TRUE(has_more_data(*first));
  EXPECT_EQ(layer.transmit(get_capability(0, 0xc, 1), tpm::kNoDeadline), *first);
}

TEST_F(QuirkEffect, MoreDataIsSetOnlyWhereThereIsSuchAField) {
  EXPECT_EQ(send(emulator::RepeatAnswer{.more_data = true}), kRandom);
}

TEST(QuirkEffects, SurviveAnyOctets) {
  std::mt19937 random(3);  // NOLINT: the same octets each time
  ManualClock clock;
  const auto noise = [&] {
    Bytes octets = plain(random() % 2 == 0 ? 0 : 0x17a);
    octets.resize(random() % 60);
    for (std::size_t i = 10; i < octets.size(); ++i)
      octets[i] = static_cast<std::uint8_t>(random() % 9);
    tpm::header::store(octets, 2, 4, octets.size());
    return octets;
  };
  Script script{.answer = [&](ByteView) { return noise(); }};
  const std::vector<emulator::Rule> rules = {
      {{.calls = {.every = 7}}, emulator::Truncate{5, true}},
      {{.calls = {.every = 5}}, emulator::Append{{1, 2}, true}},
      {{.calls = {.every = 11}}, emulator::RepeatAnswer{true}},
      {{}, emulator::HideCapability{emulator::CapabilityList::commands, {1, 2}}},
      {{}, emulator::HideCapability{emulator::CapabilityList::handles, {1, 2}}}};
  emulator::QuirkLayer layer(script.transport(), {*knowledge::find_quirk("Q01"), quirk_of(rules)},
                             clock);
  for (std::uint32_t round = 0; round < 20000; ++round) {
    const Bytes command = round % 2 == 0 ? noise() : get_capability(round % 9, 0, round % 3);
    static_cast<void>(layer.transmit(command, tpm::kNoDeadline));
  }
  EXPECT_FALSE(script.commands.empty());
}

}  // namespace
}  // namespace tpmprobe::suites
