// SPDX-License-Identifier: BSD-2-Clause
#include "probes/judge.h"

#include <gmock/gmock.h>

#include "knowledge/command_codes.h"

namespace tpmprobe::probes {
namespace {

Error answer(std::uint32_t rc) {
  return {Error::Kind::tpm, rc, knowledge::cc::kSign, "the TPM answered with an error code"};
}

TEST(Judge, TakesARefusalAsUnsupportedWhateverItsPosition) {
  for (const std::uint32_t rc : {0x1d5U, 0x2c3U, 0x2c4U, 0x2d2U, 0x143U, 0xb0143U}) {
    EXPECT_EQ(verdict_of(answer(rc)), Verdict::unsupported) << std::hex << rc;
    EXPECT_TRUE(is_refusal(answer(rc)));
  }
}

TEST(Judge, TakesWhatIsInTheWayAsBlocked) {
  for (const std::uint32_t rc : {0x901U, 0x902U, 0x903U, 0x904U, 0x921U, 0x98eU, 0x9a2U, 0x185U}) {
    EXPECT_EQ(verdict_of(answer(rc)), Verdict::blocked) << std::hex << rc;
    EXPECT_FALSE(is_refusal(answer(rc)));
  }
}

TEST(Judge, KnowsAShortageOfSlots) {
  EXPECT_TRUE(is_resource_shortage(answer(0x902)));
  EXPECT_TRUE(is_resource_shortage(answer(0x903)));
  EXPECT_FALSE(is_resource_shortage(answer(0x921)));
  EXPECT_FALSE(is_resource_shortage({Error::Kind::gave_up, 0x902, 0, ""}));
}

TEST(Judge, TakesTheFailureModeAsAFailure) {
  EXPECT_EQ(verdict_of(answer(0x101)), Verdict::fail);
}

TEST(Judge, TellsSilenceFromNonsenseFromOurOwnRefusal) {
  EXPECT_EQ(verdict_of({Error::Kind::timeout, 0, 0, ""}), Verdict::timeout);
  EXPECT_EQ(verdict_of({Error::Kind::gave_up, 0x922, 0, ""}), Verdict::timeout);
  EXPECT_EQ(verdict_of({Error::Kind::malformed, 0, 0, ""}), Verdict::fail);
  EXPECT_EQ(verdict_of({Error::Kind::refused, 0, 0, ""}), Verdict::blocked);
  EXPECT_EQ(verdict_of({Error::Kind::closed, 0, 0, ""}), Verdict::error);
}

TEST(Judge, KeepsCodeAndCommandAndSaysWhatHappened) {
  Result result;
  judge(answer(0x1d5), "signing a 48-byte digest", result);
  EXPECT_EQ(result.rc, 0x1d5U);
  EXPECT_EQ(result.command, knowledge::cc::kSign);
  EXPECT_EQ(result.actual, "signing a 48-byte digest: TPM2_Sign answered 0x1d5");
}

TEST(Judge, HasNoCodeWhereThereWasNone) {
  Result result;
  judge({Error::Kind::timeout, 0, knowledge::cc::kSign, "no answer within 60 s"}, "signing",
        result);
  EXPECT_FALSE(result.rc);
  EXPECT_EQ(result.actual, "signing: no answer within 60 s");
}

}  // namespace
}  // namespace tpmprobe::probes
