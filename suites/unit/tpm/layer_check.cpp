// SPDX-License-Identifier: BSD-2-Clause
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "suites/unit/tpm/layer_support.h"
#include "tpm/layers/check_layer.h"

namespace tpmprobe::suites {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;
using tpm::CheckLayer;

constexpr std::uint32_t kSelfTest = 0x143, kCreate = 0x153, kSign = 0x15d, kGetCapability = 0x17a,
                        kGetRandom = 0x17b, kStartAuthSession = 0x176, kVendor = 0x20000001;

const Bytes kAskRandom = plain(kGetRandom, "0004");
const Bytes kRandom = plain(0, "0004 01020304");
// TPM_CAP_ALGS from 0 on, at most 1; moreData, capability, one TPMS_ALG_PROPERTY (RSA).
const Bytes kAskAlgorithm = plain(kGetCapability, "00000000 00000000 00000001");
const Bytes kAlgorithm = plain(0, "01 00000000 00000001 0001 00000009");
const Bytes kSignSha256 =
    authorized(kSign, "80000000",
               "0020 0000000000000000000000000000000000000000000000000000000000000000"
               "0018 000b 8024 40000007 0000");
// parameterSize, TPMT_SIGNATURE (ECDSA, SHA-256, r and s of two octets), the answer of the session.
const Bytes kSignature =
    message(0x8002, 0,
            std::string("0000000c 0018 000b 0002 0102 0002 0304") + std::string(kPasswordAnswer));

Bytes with(Bytes octets, std::size_t offset, std::uint8_t value) {
  octets.at(offset) = value;
  return octets;
}

Bytes without_last(Bytes octets, std::size_t count) {
  octets.resize(octets.size() - count);
  return octets;
}

Bytes resized(Bytes octets) {
  tpm::header::store(octets, tpm::header::kSizeOffset, 4, octets.size());
  return octets;
}

Expected<void> check_response(const Bytes& command, const Bytes& response) {
  tpm::WireExchange exchange{ByteView(command)};
  exchange.answer(response);
  return tpm::check_response(exchange);
}

/// What is wrong with a response; empty if nothing is.
std::string objection(const Bytes& command, const Bytes& response) {
  const auto checked = check_response(command, response);
  if (checked) return {};
  EXPECT_EQ(checked.error().kind, Error::Kind::malformed);
  EXPECT_EQ(checked.error().command, tpm::header::load(command, 6, 4));
  return checked.error().message.empty() ? "?" : checked.error().message;
}

TEST(CheckLayer, PassesWellFormedResponsesUntouched) {
  ManualClock clock;
  Script script = always(kSignature);
  CheckLayer layer(script.transport(), clock);
  EXPECT_EQ(layer.transmit(kSignSha256, tpm::kNoDeadline), kSignature);
  EXPECT_EQ(script.commands.at(0), kSignSha256);
  EXPECT_EQ(objection(kAskRandom, kRandom), "");
  EXPECT_EQ(objection(kAskAlgorithm, kAlgorithm), "");
}

TEST(CheckLayer, PassesErrorCodes) {
  EXPECT_EQ(objection(kSignSha256, plain(0x1d5)), "");
  EXPECT_EQ(objection(kAskRandom, plain(0x922)), "");
  EXPECT_EQ(objection(kAskRandom, plain(0x000b0143)), "") << "of the kernel's resource manager";
}

struct Limit {
  Bytes command;
  seconds limit;
};

class CheckDeadline : public testing::TestWithParam<Limit> {};

TEST_P(CheckDeadline, IsThatOfTheCommandsClassOrTheCallersIfEarlier) {
  ManualClock clock;
  Script script = always(plain(0x101));
  CheckLayer layer(script.transport(), clock);
  ASSERT_TRUE(layer.transmit(GetParam().command, tpm::kNoDeadline));
  ASSERT_TRUE(layer.transmit(GetParam().command, clock.now() + seconds(1)));
  EXPECT_EQ(script.deadlines.at(0), clock.now() + GetParam().limit);
  EXPECT_EQ(script.deadlines.at(1), clock.now() + seconds(1));
}

INSTANTIATE_TEST_SUITE_P(Classes, CheckDeadline,
                         testing::Values(Limit{kAskAlgorithm, seconds(20)},
                                         Limit{kAskRandom, seconds(60)},
                                         Limit{plain(kSelfTest, "01"), seconds(120)},
                                         Limit{authorized(kCreate, "80000000"), seconds(600)},
                                         Limit{plain(kVendor), seconds(60)}));

TEST(CheckLayer, RefusesAMalformedResponseWithCommandCodeAndReason) {
  ManualClock clock;
  Script script = always(message(0x1234, 0x101));
  CheckLayer layer(script.transport(), clock);
  const auto result = layer.transmit(kAskRandom, tpm::kNoDeadline);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, Error::Kind::malformed);
  EXPECT_EQ(result.error().command, kGetRandom);
  EXPECT_EQ(result.error().rc, 0x101U);
  EXPECT_THAT(result.error().message, HasSubstr("1234"));
}

TEST(CheckLayer, NamesTheCommandInErrorsFromBelow) {
  ManualClock clock;
  Script script = always(fail(Error::Kind::timeout, 0, "late"));
  CheckLayer layer(script.transport(), clock);
  EXPECT_EQ(layer.transmit(kAskRandom, tpm::kNoDeadline).error().command, kGetRandom);
}

TEST(ResponseCheck, RefusesEveryCutOfAResponse) {
  for (std::size_t cut = 1; cut <= kSignature.size(); ++cut) {
    EXPECT_NE(objection(kSignSha256, without_last(kSignature, cut)), "") << cut;
    EXPECT_NE(objection(kSignSha256, resized(without_last(kSignature, cut))), "") << cut;
  }
}

TEST(ResponseCheck, RefusesACutThatTheHeaderCoversUp) {
  EXPECT_THAT(objection(kAskRandom, resized(without_last(kRandom, 2))), HasSubstr("randomBytes"));
  EXPECT_THAT(objection(kAskAlgorithm, resized(without_last(kAlgorithm, 4))),
              HasSubstr("algorithms"));
}

TEST(ResponseCheck, RefusesTrailingOctets) {
  Bytes longer = kRandom;
  longer.insert(longer.end(), 4, 0);
  EXPECT_NE(objection(kAskRandom, longer), "");
  EXPECT_NE(objection(kAskRandom, resized(longer)), "");
}

TEST(ResponseCheck, RefusesSizesThatAreNotThere) {
  EXPECT_NE(objection(kAskRandom, with(kRandom, 5, 6)), "") << "smaller than the header";
  EXPECT_NE(objection(kAskRandom, with(kRandom, 4, 0x13)), "") << "larger than any response";
}

TEST(ResponseCheck, RefusesASuccessWhoseSessionsAreMissing) {
  EXPECT_NE(objection(kSignSha256, with(kSignature, 1, 0x01)), "");
  EXPECT_NE(objection(kAskRandom, with(kRandom, 1, 0x02)), "");
}

TEST(ResponseCheck, RefusesAnErrorThatCarriesMore) {
  EXPECT_NE(objection(kAskRandom, plain(0x101, "0000")), "");
}

TEST(ResponseCheck, NamesATpm12) {
  EXPECT_THAT(objection(kAskRandom, message(0x00c4, 0x1e)), HasSubstr("TPM 1.2"));
}

TEST(ResponseCheck, NamesAnEcho) {
  EXPECT_THAT(objection(kAskRandom, kAskRandom), HasSubstr("echo"));
  EXPECT_THAT(objection(kSignSha256, plain(kSign)), HasSubstr("echo")) << "only the header";
  EXPECT_EQ(check_response(kSignSha256, kSignSha256).error().rc, kSign);
}

TEST(ResponseCheck, ATpmMayLackTheSelfTestCommand) {
  EXPECT_EQ(objection(plain(kSelfTest, "01"), plain(0x143)), "");
  EXPECT_THAT(objection(plain(kSelfTest, "01"), plain(kSelfTest, "01")), HasSubstr("echo"));
}

TEST(ResponseCheck, RefusesAnotherCapabilityThanTheOneAskedFor) {
  const Bytes curves = plain(0, "00 00000008 00000001 0003");
  EXPECT_THAT(objection(kAskAlgorithm, curves), HasSubstr("capability"));
}

TEST(ResponseCheck, RefusesMoreRandomOctetsThanAskedFor) {
  EXPECT_NE(objection(kAskRandom, plain(0, "0005 0102030405")), "");
  EXPECT_EQ(objection(kAskRandom, plain(0, "0003 010203")), "") << "fewer are allowed";
}

TEST(ResponseCheck, RefusesAHandleOfTheWrongKind) {
  const Bytes start = plain(kStartAuthSession,
                            "40000007 40000007 0010 "
                            "00000000000000000000000000000000 0000 00 0010 000b");
  const std::string nonce = "0010 00000000000000000000000000000000";
  EXPECT_EQ(objection(start, plain(0, "02000000" + nonce)), "");
  EXPECT_THAT(objection(start, plain(0, "81000001" + nonce)), HasSubstr("81000001"));
}

TEST(ResponseCheck, JudgesOnlyTheHeaderOfAnUnknownCommand) {
  const Bytes command = plain(kVendor, "0000");
  EXPECT_EQ(objection(command, plain(0, "0102030405")), "");
  EXPECT_EQ(objection(command, message(0x8002, 0, "01")), "");
  EXPECT_EQ(objection(command, plain(0x143)), "");
  EXPECT_NE(objection(command, Bytes{}), "");
  EXPECT_NE(objection(command, message(0x1234, 0)), "");
  EXPECT_NE(objection(command, plain(0x143, "00")), "");
  EXPECT_NE(objection(command, with(plain(0, "01"), 5, 12)), "");
}

TEST(ResponseCheck, ATpm20AnswersAStrangeTagLikeATpm12) {
  EXPECT_EQ(objection(message(0x1234, kGetRandom, "0004"), message(0x00c4, 0x1e)), "");
}

}  // namespace
}  // namespace tpmprobe::suites
