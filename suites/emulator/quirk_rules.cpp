// SPDX-License-Identifier: BSD-2-Clause
#include <gmock/gmock.h>

#include "emulator/quirk/quirk_layer.h"
#include "suites/emulator/quirk_support.h"

namespace tpmprobe::suites {
namespace {

using emulator::Append;
using emulator::Calls;
using emulator::Condition;
using emulator::Rule;
using std::chrono::seconds;
using testing::ElementsAre;

constexpr std::uint32_t kSign = 0x15d, kGetRandom = 0x17b, kHash = 0x17d, kTestParms = 0x18a;

const Bytes kAskRandom = plain(kGetRandom, "0004");
const Bytes kRandom = plain(0, "0004 01020304");
// TPM2_Hash of nothing with SHA-384 in the null hierarchy.
const Bytes kHashSha384 = plain(kHash, "0000 000c 40000007");

bool holds(const Condition& condition, const Bytes& command) {
  return emulator::match(condition, tpm::WireExchange(ByteView(command))).holds;
}

TEST(QuirkCondition, WithoutContentHoldsForEveryCommand) {
  EXPECT_TRUE(holds({}, kAskRandom));
  EXPECT_TRUE(holds({}, plain(0x20000001)));
  EXPECT_TRUE(holds({}, Bytes{}));
}

TEST(QuirkCondition, AsksForCommandsAndForOthers) {
  EXPECT_TRUE(holds({.commands = {kSign, kGetRandom}}, kAskRandom));
  EXPECT_FALSE(holds({.commands = {kSign}}, kAskRandom));
  EXPECT_FALSE(holds({.except = {kGetRandom}}, kAskRandom));
  EXPECT_TRUE(holds({.except = {kSign}}, kAskRandom));
}

TEST(QuirkCondition, AsksForAHandle) {
  const Bytes read = plain(0x173, "81000001");
  EXPECT_TRUE(holds({.handles = {0x81000002, 0x81000001}}, read));
  EXPECT_FALSE(holds({.handles = {0x81000002}}, read));
  EXPECT_FALSE(holds({.handles = {0x81000002}}, kAskRandom));
}

TEST(QuirkCondition, AsksForTheValueOfAField) {
  EXPECT_TRUE(holds({.values = {{"hashAlg", {0x000b, 0x000c}}}}, kHashSha384));
  EXPECT_FALSE(holds({.values = {{"hashAlg", {0x000b}}}}, kHashSha384));
  EXPECT_FALSE(holds({.values = {{"bytesRequested", {4}}}}, kHashSha384));
  EXPECT_TRUE(holds({.values = {{"...", {0x000c}, "TPMI_ALG_HASH"}}}, kHashSha384));
  EXPECT_FALSE(holds({.values = {{"...", {0x000c}, "TPM_ALG_ID"}}}, kHashSha384));
}

TEST(QuirkCondition, AllFieldsMustBeAsWanted) {
  EXPECT_TRUE(holds({.values = {{"hashAlg", {0x000c}}, {"hierarchy", {0x40000007}}}}, kHashSha384));
  EXPECT_FALSE(holds({.values = {{"hashAlg", {0x000c}}, {"hierarchy", {0}}}}, kHashSha384));
}

TEST(QuirkCondition, AsksForTheRangeOfASize) {
  const Condition longer{.ranges = {{.path = "data.size", .at_least = 3}}};
  EXPECT_FALSE(holds(longer, plain(kHash, "0002 0000 000b 40000007")));
  EXPECT_TRUE(holds(longer, plain(kHash, "0003 000000 000b 40000007")));
  const Condition exactly{.ranges = {{.path = "data.size", .at_least = 2, .at_most = 2}}};
  EXPECT_TRUE(holds(exactly, plain(kHash, "0002 0000 000b 40000007")));
  EXPECT_FALSE(holds(exactly, plain(kHash, "0003 000000 000b 40000007")));
}

TEST(QuirkCondition, FieldsOfAnUnreadableCommandAreNotThere) {
  EXPECT_FALSE(holds({.values = {{"...", {0x000c}}}}, plain(kHash, "0000 000c")));
  EXPECT_FALSE(holds({.values = {{"...", {0}}}}, plain(0x20000001, "0000")));
}

TEST(QuirkCondition, PatternsNameFieldsAtAnyDepth) {
  EXPECT_TRUE(emulator::names("digest", "digest"));
  EXPECT_FALSE(emulator::names("digest", "digest.size"));
  EXPECT_TRUE(emulator::names("inPublic...keyBits", "inPublic.publicArea.parameters.keyBits"));
  EXPECT_TRUE(emulator::names("inPublic...keyBits", "inPublic.keyBits"));
  EXPECT_FALSE(emulator::names("inPublic...keyBits", "inPublic.symKeyBits"));
  EXPECT_FALSE(emulator::names("inPublic...keyBits", "inPublicX.keyBits"));
  EXPECT_FALSE(emulator::names("a...b", "a"));
  EXPECT_TRUE(emulator::names("...hashAlg", "hashAlg"));
  EXPECT_TRUE(emulator::names("...hashAlg", "inScheme.details.ecdsa.hashAlg"));
  EXPECT_FALSE(emulator::names("...hashAlg", "myhashAlg"));
  EXPECT_TRUE(emulator::names("inPublic...", "inPublic.size"));
  EXPECT_TRUE(emulator::names("...", "anything.at.all"));
}

/// Which of so many calls are meant.
std::vector<unsigned> meant(const Calls& calls, unsigned count) {
  std::vector<unsigned> result;
  for (unsigned nth = 1; nth <= count; ++nth) {
    if (emulator::is_meant(calls, nth)) result.push_back(nth);
  }
  return result;
}

TEST(QuirkCondition, CountsCalls) {
  EXPECT_THAT(meant({}, 3), ElementsAre(1, 2, 3));
  EXPECT_THAT(meant({.from = 3}, 5), ElementsAre(3, 4, 5));
  EXPECT_THAT(meant({.count = 2}, 5), ElementsAre(1, 2));
  EXPECT_THAT(meant({.from = 2, .count = 2}, 5), ElementsAre(2, 3));
  EXPECT_THAT(meant({.every = 3}, 7), ElementsAre(3, 6));
}

TEST(QuirkLayer, WithoutRulesPassesEverything) {
  ManualClock clock;
  Script script = always(kRandom);
  auto layer = with_rules(script, {}, clock);
  const auto deadline = clock.now() + seconds(1);
  EXPECT_EQ(layer.transmit(kAskRandom, deadline), kRandom);
  EXPECT_EQ(script.commands.at(0), kAskRandom);
  EXPECT_EQ(script.deadlines.at(0), deadline);
}

TEST(QuirkLayer, CountsOnlyTheCallsThatMeetTheCondition) {
  ManualClock clock;
  Script script = always(kRandom);
  auto layer = with_rules(
      script, {{{.commands = {kGetRandom}, .calls = {.count = 1}}, emulator::AnswerCode{0x922}}},
      clock);
  EXPECT_EQ(layer.transmit(kHashSha384, tpm::kNoDeadline), kRandom);
  EXPECT_EQ(layer.transmit(kAskRandom, tpm::kNoDeadline), plain(0x922));
  EXPECT_EQ(layer.transmit(kAskRandom, tpm::kNoDeadline), kRandom);
}

TEST(QuirkLayer, TheFirstRuleThatAppliesIsTheOutermost) {
  ManualClock clock;
  Script script = always(kRandom);
  auto first = with_rules(script, {{{}, Append{{1}}}, {{}, Append{{2}}}}, clock);
  const auto response = first.transmit(kAskRandom, tpm::kNoDeadline);
  ASSERT_TRUE(response);
  EXPECT_EQ(Bytes(response->end() - 2, response->end()), (Bytes{2, 1}));
  auto code = with_rules(
      script, {{{}, emulator::AnswerCode{0x101}}, {{}, emulator::AnswerCode{0x102}}}, clock);
  EXPECT_EQ(code.transmit(kAskRandom, tpm::kNoDeadline), plain(0x101));
}

TEST(QuirkLayer, NumbersTheParameterThatMetTheCondition) {
  ManualClock clock;
  Script script;
  const emulator::AnswerCode hash{0x083, true};
  auto layer = with_rules(script, {{{.values = {{"...hashAlg", {0x000c}}}}, hash}}, clock);
  EXPECT_EQ(layer.transmit(kHashSha384, tpm::kNoDeadline), plain(0x2c3));
  const Bytes test_parms = plain(kTestParms, "0023 0010 0018 000c 0004 0010");
  EXPECT_EQ(layer.transmit(test_parms, tpm::kNoDeadline), plain(0x1c3));
  auto everywhere = with_rules(script, {{{}, hash}}, clock);
  EXPECT_EQ(everywhere.transmit(kAskRandom, tpm::kNoDeadline), plain(0x083));
}

}  // namespace
}  // namespace tpmprobe::suites
