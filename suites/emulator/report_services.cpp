// SPDX-License-Identifier: BSD-2-Clause
#include <gmock/gmock.h>

#include "knowledge/command_codes.h"
#include "knowledge/evidence.h"
#include "knowledge/quirk/quirk.h"
#include "suites/emulator/report_support.h"

/// What a TPM does without a key, and whether its lists agree with it.
namespace tpmprobe::suites {
namespace {

namespace cc = knowledge::cc;
namespace evidence = knowledge::evidence;
using knowledge::AnswerCode;
using knowledge::Change;
using knowledge::ChangeCommand;
using knowledge::ChangeResponse;
using knowledge::HideCapability;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ReportOfServices : public ReportTest {
 protected:
  const Result& result_with(const std::string& id, std::vector<knowledge::Rule> rules) {
    const auto& report = run({.only = {id}, .rules = std::move(rules)}).report;
    EXPECT_THAT(loaded(), IsEmpty());
    EXPECT_THAT(handles(0x02000000), IsEmpty());
    return result_of(report, id);
  }
  const Result& result_with(const std::string& id, std::uint32_t command,
                            knowledge::QuirkEffect effect) {
    return result_with(id, {{{.commands = {command}}, std::move(effect)}});
  }
};

TEST_F(ReportOfServices, PassOnACleanTpm) {
  for (const auto* id : {"rng.repeat", "rng.length", "hash.sha1", "hash.sha256", "hash.sha384",
                         "hash.sha512", "clock.forward", "state.sessions", "capability.schemes",
                         "capability.create-loaded", "time.quick-commands"}) {
    const auto& result = result_with(id, {});
    EXPECT_EQ(result.verdict, Verdict::pass) << id << ": " << result.actual;
    EXPECT_THAT(result.evidence, IsEmpty()) << id;
  }
}

TEST_F(ReportOfServices, SeeRandomNumbersThatAreStuckOrRepeat) {
  const auto& stuck = result_with("rng.repeat", cc::kGetRandom,
                                  ChangeResponse{"randomBytes.buffer", Change::fill, 0x55});
  EXPECT_THAT(stuck.evidence, ElementsAre(evidence::kRandomStuck));
  const auto& few = result_with("rng.repeat", cc::kGetRandom, knowledge::WeakRandom{2});
  EXPECT_THAT(few.evidence, ElementsAre(evidence::kRandomRepeats));
  EXPECT_THAT(few.actual, HasSubstr("32 requests for 16 random bytes returned"));
}

TEST_F(ReportOfServices, TakeFewerRandomNumbersForALimitAndNoneForAFault) {
  const auto& few =
      result_with("rng.length", cc::kGetRandom, ChangeCommand{"bytesRequested", Change::set, 20});
  EXPECT_EQ(few.verdict, Verdict::pass);
  EXPECT_THAT(few.evidence, ElementsAre(evidence::kRandomShort));
  EXPECT_THAT(few.actual, HasSubstr("20 of 48 bytes"));
  const auto& none =
      result_with("rng.repeat", cc::kGetRandom, ChangeCommand{"bytesRequested", Change::set, 0});
  EXPECT_EQ(none.verdict, Verdict::fail);
}

TEST_F(ReportOfServices, SeeAWrongDigestOfEachHash) {
  for (const auto* id : {"hash.sha1", "hash.sha256", "hash.sha384", "hash.sha512"}) {
    const auto& result =
        result_with(id, cc::kHash, ChangeResponse{"outHash.buffer", Change::flip_bit, 7});
    EXPECT_THAT(result.evidence, ElementsAre(evidence::kHashWrong)) << id;
  }
}

TEST_F(ReportOfServices, SeeADigestOfAnotherHash) {
  const auto& result =
      result_with("hash.sha256", cc::kHash, ChangeCommand{"hashAlg", Change::set, 0x0004});
  EXPECT_THAT(result.evidence, ElementsAre(evidence::kHashSize));
  EXPECT_THAT(result.actual, HasSubstr("20 bytes was returned, 32 would be right"));
}

TEST_F(ReportOfServices, SeeAClockThatGoesBack) {
  for (const auto* path : {"currentTime.time", "currentTime.clockInfo.clock"}) {
    const auto& result =
        result_with("clock.forward", {{{.commands = {cc::kReadClock}, .calls = {.every = 2}},
                                       ChangeResponse{path, Change::add, 1000000}}});
    EXPECT_THAT(result.evidence, ElementsAre(evidence::kClockBack)) << path;
  }
}

TEST_F(ReportOfServices, SayThatThereIsNoRoomForASession) {
  const auto& full = result_with("state.sessions", cc::kStartAuthSession, AnswerCode{0x903});
  EXPECT_EQ(full.quirk, "Q15");
  const auto& gap = result_with("state.sessions", cc::kStartAuthSession, AnswerCode{0x901});
  EXPECT_EQ(gap.quirk, "Q16");
}

TEST_F(ReportOfServices, SeeASchemeWithoutItsCommands) {
  const auto& result =
      result_with("capability.schemes",
                  {{{}, HideCapability{knowledge::CapabilityList::commands, {cc::kCommit}}}});
  EXPECT_THAT(result.evidence, ElementsAre(evidence::kAlgorithmWithoutCommand));
  EXPECT_THAT(result.actual, HasSubstr("ECDAA without TPM2_Commit"));
}

TEST_F(ReportOfServices, TellACommandThatIsUnknownFromOneThatIsRefused) {
  const std::string id = "capability.create-loaded";
  const auto& unknown = result_with(id, cc::kCreateLoaded, AnswerCode{0x143});
  EXPECT_THAT(unknown.evidence, ElementsAre(evidence::kListedCommandRefused));
  const auto& refused = result_with(id, cc::kCreateLoaded, AnswerCode{0x2c2});
  EXPECT_EQ(refused.verdict, Verdict::mismatch);
  EXPECT_THAT(refused.evidence, IsEmpty());
}

TEST_F(ReportOfServices, CallOnlySlowWhatIsSlowEachTime) {
  const auto delay = [](unsigned every) {
    return std::vector<knowledge::Rule>{
        {{.commands = {cc::kGetCapability}, .calls = {.every = every}},
         knowledge::Delay{std::chrono::seconds(2)}}};
  };
  const auto& always = result_with("time.quick-commands", delay(1));
  EXPECT_THAT(always.evidence, ElementsAre(evidence::kSlow));
  EXPECT_THAT(always.actual, HasSubstr("TPM2_GetCapability"));
  EXPECT_EQ(result_with("time.quick-commands", delay(2)).verdict, Verdict::pass);
}

TEST_F(ReportOfServices, SeeAWrongNameWhereverItComes) {
  for (const auto command : {cc::kCreatePrimary, cc::kLoad, cc::kLoadExternal, cc::kCreateLoaded}) {
    const auto& report = run({.only = {"key.p256", "sign.ecdsa-p256-sha256",
                                       "sign.known.p256-nonces", "capability.create-loaded"},
                              .rules = {{{.commands = {command}},
                                         ChangeResponse{"name.buffer", Change::flip_bit, 30}}}})
                             .report;
    EXPECT_THAT(findings(report), ElementsAre("Q36")) << command << outline(report);
    EXPECT_THAT(loaded(), IsEmpty()) << command;
  }
}

}  // namespace
}  // namespace tpmprobe::suites
