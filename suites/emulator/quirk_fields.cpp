// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>

#include <gmock/gmock.h>

#include "emulator/embedded_tpm.h"
#include "suites/emulator/quirk_support.h"

/// Effects that change fields of commands and responses, and conditions on more than the command.
namespace tpmprobe::suites {
namespace {

using emulator::Change;
using emulator::ChangeCommand;
using emulator::ChangeResponse;
using testing::Contains;
using testing::Each;
using testing::Not;
using testing::SizeIs;

constexpr std::size_t kRandomAt = 12;  // behind header and size
constexpr std::uint32_t kRcCommandCode = 0x143;

class QuirkFields : public testing::Test {
 protected:
  std::unique_ptr<tpm::Transport> with(std::vector<emulator::Rule> rules) {
    auto tpm = emulator::EmbeddedTpm::create();
    if (!tpm) throw std::runtime_error(tpm.error().message);
    return std::make_unique<emulator::QuirkLayer>(
        std::move(*tpm), std::vector<emulator::Quirk>{quirk_of(std::move(rules))}, clock);
  }

  static Bytes random(tpm::Transport& tpm) {
    auto response = tpm.transmit(plain(0x17b, "0010"), tpm::kNoDeadline);
    EXPECT_TRUE(response);
    return response.value_or(Bytes());
  }
  /// The random octets themselves, when sizes are what they should be.
  static Bytes drawn(const Bytes& response) {
    EXPECT_EQ(tpm::header::claimed_size(response), response.size());
    EXPECT_EQ(tpm::header::load(response, 10, 2) + kRandomAt, response.size());
    return {response.begin() + kRandomAt, response.end()};
  }
  Bytes random_with(Change change, std::uint64_t value) {
    return drawn(random(*with({{{}, ChangeResponse{"randomBytes.buffer", change, value}}})));
  }

  tpm::VirtualClock clock;
};

TEST_F(QuirkFields, ABufferCanBeFilled) {
  EXPECT_THAT(random_with(Change::fill, 7), testing::AllOf(SizeIs(16), Each(7)));
}

TEST_F(QuirkFields, ABufferCanBeCutOrGrowWithAllSizesRight) {
  EXPECT_THAT(random_with(Change::resize, 5), SizeIs(5));
  EXPECT_THAT(random_with(Change::resize, 20), SizeIs(20));
  const Bytes padded = random_with(Change::pad_left, 2);
  EXPECT_THAT(padded, SizeIs(18));
  EXPECT_EQ(padded[0] | padded[1], 0);
}

TEST_F(QuirkFields, OneBitCanBeFlipped) {
  auto tpm = with({{{}, ChangeResponse{"randomBytes.buffer", Change::flip_bit, 9}},
                   {{}, ChangeResponse{"randomBytes.buffer", Change::fill, 0}}});
  const Bytes octets = drawn(random(*tpm));
  EXPECT_EQ(octets[1], 2);
  EXPECT_EQ(std::ranges::count(octets, 0), 15);
}

TEST_F(QuirkFields, ZerosInFrontCanBeStripped) {
  auto tpm = with({{{}, ChangeResponse{"randomBytes.buffer", Change::strip_leading_zeros, 0}},
                   {{}, ChangeResponse{"randomBytes.buffer", Change::pad_left, 3}},
                   {{}, ChangeResponse{"randomBytes.buffer", Change::fill, 9}}});
  EXPECT_THAT(drawn(random(*tpm)), testing::AllOf(SizeIs(16), Each(9)));
}

TEST_F(QuirkFields, AFieldThatIsNotThereChangesNothing) {
  auto tpm = with({{{}, ChangeResponse{"signature...buffer", Change::fill, 0}},
                   {{}, ChangeCommand{"digest.buffer", Change::fill, 0}}});
  EXPECT_THAT(drawn(random(*tpm)), SizeIs(16));
}

TEST_F(QuirkFields, ACommandIsExecutedWithAnotherParameter) {
  auto tpm = with({{{}, ChangeCommand{"bytesRequested", Change::set, 3}}});
  EXPECT_THAT(drawn(random(*tpm)), SizeIs(3));
}

TEST_F(QuirkFields, ACommandIsRepeatedUntilABufferBeginsWithZero) {
  auto tpm = with({{{}, emulator::UntilLeadingZero{{"randomBytes.buffer"}, 100000}}});
  for (int round = 0; round < 3; ++round) EXPECT_EQ(drawn(random(*tpm)).front(), 0);
}

TEST_F(QuirkFields, WeakRandomNumbersRepeatAndLookLikeRandomOnes) {
  auto tpm = with({{{}, emulator::WeakRandom{2}}});
  std::vector<Bytes> seen;
  for (int draw = 0; draw < 40; ++draw) {
    Bytes octets = drawn(random(*tpm));
    if (std::ranges::find(seen, octets) == seen.end()) seen.push_back(std::move(octets));
  }
  EXPECT_THAT(seen, SizeIs(4));
}

TEST_F(QuirkFields, WhatATpmDoesNotHaveCanBeListed) {
  constexpr std::uint32_t kNobodysCurve = 0x0077;
  auto tpm = with(
      {{{},
        emulator::AddCapability{emulator::CapabilityList::curves, {{kNobodysCurve, 0}, {3, 0}}}}});
  const auto curves = [&](std::uint32_t first, std::uint32_t count) {
    const Bytes command = get_capability(8, first, count);
    return integers(command, tpm->transmit(command, tpm::kNoDeadline).value(), "TPM_ECC_CURVE");
  };
  EXPECT_THAT(curves(0, 100), Contains(kNobodysCurve));
  EXPECT_EQ(std::ranges::count(curves(0, 100), 3U), 1) << "what is there is not there twice";
  EXPECT_THAT(curves(0, 1), Not(Contains(kNobodysCurve)));
  EXPECT_THAT(curves(kNobodysCurve, 1), testing::ElementsAre(kNobodysCurve));
}

TEST_F(QuirkFields, ARuleCanHoldForTheFirstTimeOnly) {
  using std::chrono::milliseconds;
  auto tpm = with({{{.first = milliseconds(100)}, emulator::AnswerCode{0x90a, false}}});
  EXPECT_EQ(knowledge::response_code(random(*tpm)), 0x90aU);
  clock.sleep_for(milliseconds(99));
  EXPECT_EQ(knowledge::response_code(random(*tpm)), 0x90aU);
  clock.sleep_for(milliseconds(2));
  EXPECT_EQ(knowledge::response_code(random(*tpm)), 0U);
}

TEST_F(QuirkFields, ARuleCanHoldWhileObjectsAreLoaded) {
  auto tpm = with(
      {{{.commands = {0x17b}, .loaded_objects = 1}, emulator::AnswerCode{kRcCommandCode, false}}});
  EXPECT_EQ(knowledge::response_code(random(*tpm)), 0U);
  // TPM2_HashSequenceStart with an empty auth and SHA-256 makes a transient object.
  const auto started = tpm->transmit(plain(0x186, "0000 000b"), tpm::kNoDeadline);
  ASSERT_TRUE(started);
  ASSERT_EQ(knowledge::response_code(*started), 0U);
  EXPECT_EQ(knowledge::response_code(random(*tpm)), kRcCommandCode);
  const auto handle = tpm::header::load(*started, 10, 4);
  Bytes flush = plain(0x165, "00000000");
  tpm::header::store(flush, 10, 4, handle);
  ASSERT_TRUE(tpm->transmit(flush, tpm::kNoDeadline));
  EXPECT_EQ(knowledge::response_code(random(*tpm)), 0U);
}

}  // namespace
}  // namespace tpmprobe::suites
