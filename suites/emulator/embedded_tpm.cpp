// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/embedded_tpm.h"

#include <gmock/gmock.h>

#include "suites/support/raw_commands.h"
#include "tpm/layers/header.h"

namespace tpmprobe::emulator {
namespace {

namespace header = tpm::header;

class EmbeddedTpmLife : public ::testing::Test {
 protected:
  void SetUp() override { switch_on({}); }

  void switch_on(NvState state) {
    tpm_.reset();
    auto tpm = EmbeddedTpm::create(std::move(state));
    ASSERT_TRUE(tpm) << tpm.error().message;
    tpm_ = std::move(*tpm);
  }

  Bytes run(const Bytes& command) {
    auto response = tpm_->transmit(command, tpm::kNoDeadline);
    EXPECT_TRUE(response);
    return response.value_or(Bytes{});
  }

  std::uint64_t rc(const Bytes& command) { return raw::code(run(command)); }

  bool has_index() { return rc(raw::kNvReadPublic) == 0; }

  /// TPMA_STARTUP_CLEAR.orderly (Part 2, 8.7).
  bool last_power_off_was_orderly() {
    const Bytes response = run(raw::kGetStartupClear);
    return (header::load(response, response.size() - 4, 4) >> 31U) != 0;
  }

  std::unique_ptr<EmbeddedTpm> tpm_;
};

TEST_F(EmbeddedTpmLife, AnswersGetRandom) {
  const Bytes response = run(raw::kGetRandom);
  EXPECT_TRUE(raw::is_random(response));
  EXPECT_EQ(header::claimed_size(response), response.size());
  EXPECT_NE(run(raw::kGetRandom), response);
}

TEST_F(EmbeddedTpmLife, IsStartedAlready) {
  EXPECT_EQ(rc(raw::kStartup), 0x100U);
}

TEST_F(EmbeddedTpmLife, AnswersNonsenseWithACode) {
  EXPECT_NE(rc({0x80, 0x01, 0, 0, 0, 10, 0, 0, 0, 0}), 0U);
  EXPECT_NE(rc({0x80}), 0U);
  EXPECT_EQ(rc(raw::kGetRandom), 0U);
}

TEST_F(EmbeddedTpmLife, IsTheOnlyOneInTheProcess) {
  const auto second = EmbeddedTpm::create();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, Error::Kind::no_access);
  EXPECT_EQ(rc(raw::kGetRandom), 0U);
}

TEST_F(EmbeddedTpmLife, CanBeMadeAgainAsItLeftTheFactory) {
  ASSERT_EQ(rc(raw::kNvDefine), 0U);
  switch_on({});
  EXPECT_FALSE(has_index());
}

TEST_F(EmbeddedTpmLife, KeepsNvMemoryOverEveryPowerCycle) {
  EXPECT_FALSE(has_index());
  ASSERT_EQ(rc(raw::kNvDefine), 0U);
  ASSERT_TRUE(tpm_->power_cycle(PowerOff::orderly));
  EXPECT_TRUE(has_index());
  ASSERT_TRUE(tpm_->power_cycle(PowerOff::sudden));
  EXPECT_TRUE(has_index());
}

TEST_F(EmbeddedTpmLife, KnowsHowItsPowerWentOff) {
  ASSERT_TRUE(tpm_->power_cycle(PowerOff::orderly));
  EXPECT_TRUE(last_power_off_was_orderly());
  ASSERT_TRUE(tpm_->power_cycle(PowerOff::sudden));
  EXPECT_FALSE(last_power_off_was_orderly());
}

TEST_F(EmbeddedTpmLife, GoesBackToACopyOfItsMemory) {
  const NvState before = tpm_->nv_state();
  EXPECT_FALSE(before.empty());
  ASSERT_EQ(rc(raw::kNvDefine), 0U);
  const NvState with_index = tpm_->nv_state();
  ASSERT_TRUE(tpm_->restore(before));
  EXPECT_FALSE(has_index());
  switch_on(with_index);
  EXPECT_TRUE(has_index());
}

TEST_F(EmbeddedTpmLife, RefusesAMemoryThatItDoesNotUnderstandAndLetsANewOneBeMade) {
  tpm_.reset();
  NvState nonsense;
  nonsense["permall"] = Bytes(100, 0xff);
  const auto tpm = EmbeddedTpm::create(nonsense);
  EXPECT_FALSE(tpm);
  switch_on({});
  EXPECT_EQ(rc(raw::kGetRandom), 0U);
}

TEST_F(EmbeddedTpmLife, PrintsNothing) {
  ::testing::internal::CaptureStderr();
  ::testing::internal::CaptureStdout();
  tpm_.reset();
  EXPECT_FALSE(EmbeddedTpm::create({{"permall", Bytes(100, 0xff)}}));
  switch_on({});
  rc({0x80, 0x01, 0, 0, 0, 10, 0, 0, 0, 0});
  ASSERT_TRUE(tpm_->power_cycle(PowerOff::sudden));
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace tpmprobe::emulator
