// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include "suites/unit/tpm/layer_support.h"
#include "tpm/layers/record_layer.h"

namespace tpmprobe::suites {
namespace {

using std::chrono::milliseconds;
using tpm::Attempt;
using tpm::Recorder;
using tpm::RecordLayer;

const Bytes kGetRandom = plain(0x17b, "0004");
const Bytes kRandom = plain(0, "0004 01020304");

/// A TPM that takes this long for each command.
Script slow(ManualClock& clock, milliseconds time, Expected<Bytes> answer = kRandom) {
  return {.answer = [&clock, time, answer](ByteView) {
    clock.sleep_for(time);
    return answer;
  }};
}

TEST(RecordLayer, PassesCommandDeadlineAndResponseUnchanged) {
  ManualClock clock;
  Recorder recorder;
  Script script = always(kRandom);
  RecordLayer layer(script.transport(), recorder, clock);
  const tpm::TimePoint deadline = clock.now() + milliseconds(7);
  EXPECT_EQ(layer.transmit(kGetRandom, deadline), kRandom);
  EXPECT_EQ(script.commands.at(0), kGetRandom);
  EXPECT_EQ(script.deadlines.at(0), deadline);
}

TEST(RecordLayer, KeepsCodeSizesAndTimesOfEachAttempt) {
  ManualClock clock;
  Recorder recorder;
  Script script = slow(clock, milliseconds(3), plain(0x922));
  RecordLayer layer(script.transport(), recorder, clock);
  clock.sleep_for(milliseconds(10));
  ASSERT_TRUE(layer.transmit(kGetRandom, tpm::kNoDeadline));
  ASSERT_EQ(recorder.attempts().size(), 1U);
  const Attempt& attempt = *recorder.last();
  EXPECT_EQ(attempt.command, 0x17bU);
  EXPECT_EQ(attempt.rc, 0x922U);
  EXPECT_FALSE(attempt.error);
  EXPECT_EQ(attempt.command_size, 12U);
  EXPECT_EQ(attempt.response_size, 10U);
  EXPECT_EQ(attempt.start, milliseconds(10));
  EXPECT_EQ(attempt.duration, milliseconds(3));
}

TEST(RecordLayer, RecordsAnExchangeWithoutAResponseByItsError) {
  ManualClock clock;
  Recorder recorder;
  Script script = slow(clock, milliseconds(20), fail(Error::Kind::timeout, 0, "late"));
  RecordLayer layer(script.transport(), recorder, clock);
  EXPECT_FALSE(layer.transmit(kGetRandom, tpm::kNoDeadline));
  EXPECT_EQ(recorder.last()->error, Error::Kind::timeout);
  EXPECT_EQ(recorder.last()->response_size, 0U);
  EXPECT_EQ(recorder.last_duration(), milliseconds(20));
}

TEST(RecordLayer, SumsWhatHappenedSinceAMark) {
  ManualClock clock;
  Recorder recorder;
  Script script = slow(clock, milliseconds(2));
  RecordLayer layer(script.transport(), recorder, clock);
  ASSERT_TRUE(layer.transmit(kGetRandom, tpm::kNoDeadline));
  const auto mark = recorder.mark();
  ASSERT_TRUE(layer.transmit(kGetRandom, tpm::kNoDeadline));
  clock.sleep_for(milliseconds(50));  // our own time is not the TPM's
  ASSERT_TRUE(layer.transmit(kGetRandom, tpm::kNoDeadline));
  EXPECT_EQ(recorder.since(mark).commands, 2U);
  EXPECT_EQ(recorder.since(mark).duration, milliseconds(4));
  EXPECT_EQ(recorder.since({}).commands, 3U);
  EXPECT_EQ(recorder.attempts_since(mark).size(), 2U);
}

TEST(RecordLayer, KeepsNoOctetsUnlessAsked) {
  ManualClock clock;
  Recorder recorder;
  Script script = always(kRandom);
  RecordLayer layer(script.transport(), recorder, clock);
  ASSERT_TRUE(layer.transmit(kGetRandom, tpm::kNoDeadline));
  EXPECT_TRUE(recorder.last()->command_octets.empty());
  EXPECT_TRUE(recorder.last()->response_octets.empty());
}

TEST(RecordLayer, KeepsTheNewestOctetsWithinItsBound) {
  ManualClock clock;
  Recorder recorder({.octets = 2 * (kGetRandom.size() + kRandom.size())});
  Script script = always(kRandom);
  RecordLayer layer(script.transport(), recorder, clock);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(layer.transmit(kGetRandom, tpm::kNoDeadline));
  ASSERT_EQ(recorder.attempts().size(), 5U);
  EXPECT_TRUE(recorder.attempts()[2].response_octets.empty());
  EXPECT_EQ(recorder.attempts()[3].response_octets, kRandom);
  EXPECT_EQ(recorder.attempts()[4].command_octets, kGetRandom);
}

TEST(Recorder, AnAttemptLargerThanTheBoundKeepsNoOctets) {
  Recorder recorder({.octets = 5});
  Attempt attempt;
  attempt.command_octets = kGetRandom;
  recorder.add(attempt);
  recorder.add(Attempt{});
  EXPECT_TRUE(recorder.attempts()[0].command_octets.empty());
}

TEST(Recorder, DropsTheOldestAttemptsAndStillCountsThem) {
  Recorder recorder({.attempts = 3, .octets = 1000});
  for (std::uint32_t code = 1; code <= 10; ++code) {
    Attempt attempt;
    attempt.command = code;
    attempt.duration = milliseconds(1);
    attempt.command_octets = kGetRandom;
    recorder.add(attempt);
  }
  ASSERT_EQ(recorder.attempts().size(), 3U);
  EXPECT_EQ(recorder.attempts().front().command, 8U);
  EXPECT_EQ(recorder.since({}).commands, 10U);
  EXPECT_EQ(recorder.since({}).duration, milliseconds(10));
  EXPECT_EQ(recorder.attempts_since({}).size(), 3U);
}

TEST(Recorder, IsEmptyBeforeTheFirstAttempt) {
  const Recorder recorder;
  EXPECT_EQ(recorder.last(), nullptr);
  EXPECT_EQ(recorder.last_duration(), tpm::Duration::zero());
  EXPECT_TRUE(recorder.attempts_since({}).empty());
}

}  // namespace
}  // namespace tpmprobe::suites
