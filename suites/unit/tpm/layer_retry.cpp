// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "suites/unit/tpm/layer_support.h"
#include "tpm/layers/retry_layer.h"

namespace tpmprobe::suites {
namespace {

using std::chrono::milliseconds;
using tpm::Duration;
using tpm::RetryLayer;

constexpr std::uint32_t kYielded = 0x908, kTesting = 0x90a, kLockout = 0x921, kRetry = 0x922;

const Bytes kGetRandom = plain(0x17b, "0004");
const Bytes kRandom = plain(0, "0004 01020304");

/// Answers this code so many times, and then with success.
Script busy(std::uint32_t rc, unsigned times) {
  return {.answer = [rc, times](ByteView) mutable {
    return times == 0 ? kRandom : (--times, plain(rc));
  }};
}

Duration total(const ManualClock& clock) {
  return std::accumulate(clock.sleeps.begin(), clock.sleeps.end(), Duration::zero());
}

class RetriedCode : public testing::TestWithParam<std::uint32_t> {};

TEST_P(RetriedCode, IsSubmittedAgainWithADoublingPause) {
  ManualClock clock;
  Script script = busy(GetParam(), 3);
  RetryLayer layer(script.transport(), clock);
  EXPECT_EQ(layer.transmit(kGetRandom, tpm::kNoDeadline), kRandom);
  EXPECT_THAT(script.commands,
              testing::ElementsAre(kGetRandom, kGetRandom, kGetRandom, kGetRandom));
  EXPECT_THAT(clock.sleeps,
              testing::ElementsAre(milliseconds(5), milliseconds(10), milliseconds(20)));
}

TEST_P(RetriedCode, NeverSleepsPastTheDeadlineOfTheCaller) {
  ManualClock clock;
  Script script = always(plain(GetParam()));
  RetryLayer layer(script.transport(), clock);
  const auto deadline = clock.now() + milliseconds(100);
  const auto result = layer.transmit(kGetRandom, deadline);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, Error::Kind::gave_up);
  EXPECT_EQ(result.error().rc, GetParam());
  EXPECT_LT(clock.now(), deadline);
}

INSTANTIATE_TEST_SUITE_P(All, RetriedCode, testing::Values(kRetry, kYielded, kTesting));

TEST(RetryLayer, GivesUpWithTheCodeThatTheTpmAnswered) {
  ManualClock clock;
  Script script = always(plain(kRetry));
  RetryLayer layer(script.transport(), clock);
  const auto result = layer.transmit(kGetRandom, tpm::kNoDeadline);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, Error::Kind::gave_up);
  EXPECT_EQ(result.error().rc, kRetry);
  EXPECT_EQ(result.error().command, 0x17bU);
  EXPECT_THAT(result.error().message, testing::HasSubstr("TPM_RC_RETRY"));
  EXPECT_LE(total(clock), tpm::kRetryBound);
  EXPECT_GT(total(clock), tpm::kRetryBound - tpm::kLongestPause);
}

TEST(RetryLayer, BearsTestingLongerThanRetry) {
  ManualClock clock;
  Script script = always(plain(kTesting));
  RetryLayer layer(script.transport(), clock);
  const auto result = layer.transmit(kGetRandom, tpm::kNoDeadline);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().rc, kTesting);
  EXPECT_GT(total(clock), tpm::kRetryBound);
  EXPECT_LE(total(clock), tpm::kTestingBound);
}

TEST(RetryLayer, PausesNoLongerThanTheLongestPause) {
  ManualClock clock;
  Script script = always(plain(kTesting));
  RetryLayer layer(script.transport(), clock);
  ASSERT_FALSE(layer.transmit(kGetRandom, tpm::kNoDeadline));
  EXPECT_EQ(*std::ranges::max_element(clock.sleeps), tpm::kLongestPause);
}

TEST(RetryLayer, PassesOtherWarningsAndErrorsAtOnce) {
  ManualClock clock;
  Script script = always(plain(kLockout));
  RetryLayer layer(script.transport(), clock);
  EXPECT_EQ(layer.transmit(kGetRandom, tpm::kNoDeadline), plain(kLockout));
  Script broken = always(fail(Error::Kind::closed, 0, "gone"));
  RetryLayer other(broken.transport(), clock);
  EXPECT_EQ(other.transmit(kGetRandom, tpm::kNoDeadline).error().kind, Error::Kind::closed);
  EXPECT_EQ(broken.commands.size(), 1U);
  EXPECT_TRUE(clock.sleeps.empty());
}

}  // namespace
}  // namespace tpmprobe::suites
