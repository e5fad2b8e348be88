// SPDX-License-Identifier: BSD-2-Clause
#include <gmock/gmock.h>

#include "emulator/embedded_tpm.h"
#include "suites/emulator/quirk_support.h"
#include "tpm/layers/check_layer.h"
#include "tpm/stack.h"

/// The stack of a run over the embedded TPM with and without a fault on the wire.
namespace tpmprobe::suites {
namespace {

using emulator::Effect;
using emulator::Rule;

constexpr std::uint32_t kGetRandom = 0x17b;
const Bytes kAskRandom = plain(kGetRandom, "0008");
// A P-256 storage key in the null hierarchy with noDA.
const Bytes kCreateStorage =
    authorized(0x131, "40000007",
               "0004 0000 0000 001a 0023 000b 00030472 0000 0006 0080 0043 0010 0003 0010"
               "0000 0000 0000 00000000");

class QuirkBehindCheck : public testing::Test {
 protected:
  void build(std::vector<Rule> rules) {
    auto embedded = emulator::EmbeddedTpm::create();
    ASSERT_TRUE(embedded) << embedded.error().message;
    auto quirk = std::make_unique<emulator::QuirkLayer>(
        std::move(*embedded), std::vector<emulator::Quirk>{quirk_of(std::move(rules))}, clock);
    stack = tpm::make_stack(std::move(quirk), recorder, clock, tpm::default_policy(), nullptr);
  }
  Expected<Bytes> send(const Bytes& command) {
    return stack.top->transmit(command, tpm::kNoDeadline);
  }
  /// The error of TPM2_GetRandom with this effect on the way.
  Error fault(Effect effect) {
    build({{{.commands = {kGetRandom}}, std::move(effect)}});
    const auto response = send(kAskRandom);
    return response ? Error{} : response.error();
  }

  ManualClock clock;
  tpm::Recorder recorder;
  tpm::Stack stack;
};

TEST_F(QuirkBehindCheck, PassesWhatASoundTpmAnswers) {
  build({});
  EXPECT_TRUE(send(kAskRandom));
  for (const std::uint32_t capability : {0U, 1U, 2U, 3U, 4U, 5U, 6U, 7U, 8U}) {
    const std::uint32_t first = capability == 1 ? 0x40000000 : 0;
    const auto response = send(get_capability(capability, first, 1000));
    EXPECT_TRUE(response) << capability << ": " << response.error().message;
  }
  const auto created = send(kCreateStorage);
  ASSERT_TRUE(created) << created.error().message;
  ASSERT_EQ(knowledge::response_code(*created), 0U);
  EXPECT_THAT(stack.guard->own_handles(), testing::ElementsAre(0x80000000));
  EXPECT_TRUE(send(plain(0x165, "80000000")));
  EXPECT_EQ(recorder.since({}).commands, 12U);
}

TEST_F(QuirkBehindCheck, NoDamagedResponseGetsThrough) {
  const std::vector<Effect> damages = {
      emulator::SetTag{0x1234},       emulator::SetTag{0x8002}, emulator::SetTag{0x00c4},
      emulator::SetSize{6},           emulator::SetSize{5000},  emulator::Truncate{4},
      emulator::Truncate{4, true},    emulator::Truncate{1000}, emulator::Append{{0, 0, 0, 0}},
      emulator::Append{{0, 0}, true}, emulator::Echo{}};
  for (const Effect& damage : damages) {
    const Error error = fault(damage);
    EXPECT_EQ(error.kind, Error::Kind::malformed) << damage.index();
    EXPECT_EQ(error.command, kGetRandom);
    EXPECT_FALSE(error.message.empty());
    EXPECT_EQ(recorder.last()->error, std::nullopt) << "the record shows that something came";
    stack = {};  // there is one embedded TPM at a time
  }
}

TEST_F(QuirkBehindCheck, NeverAnsweringIsATimeoutAfterTheLimitOfTheCommand) {
  const Error error = fault(emulator::NeverAnswer{});
  EXPECT_EQ(error.kind, Error::Kind::timeout);
  EXPECT_EQ(recorder.last_duration(), tpm::time_limit(kGetRandom));
}

TEST_F(QuirkBehindCheck, AShortBurstOfRetryIsBorneAndSeenOnTheWire) {
  build({{{.commands = {kGetRandom}, .calls = {.count = 3}}, emulator::AnswerCode{0x922}}});
  EXPECT_TRUE(send(kAskRandom));
  EXPECT_EQ(recorder.since({}).commands, 4U);
  EXPECT_EQ(recorder.attempts().front().rc, 0x922U);
}

TEST_F(QuirkBehindCheck, RetryForEverIsGivenUp) {
  const Error error = fault(emulator::AnswerCode{0x922});
  EXPECT_EQ(error.kind, Error::Kind::gave_up);
  EXPECT_EQ(error.rc, 0x922U);
}

}  // namespace
}  // namespace tpmprobe::suites
