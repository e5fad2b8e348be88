// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/wire_exchange.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "suites/unit/tpm/layer_support.h"
#include "tpm/command_builder.h"

namespace tpmprobe::suites {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using tpm::CommandBuilder;
using tpm::WireExchange;

constexpr std::uint32_t kFlushContext = 0x165, kGetRandom = 0x17b, kLoad = 0x157;

const Bytes kAskRandom = plain(kGetRandom, "0004");
const Bytes kRandom = plain(0, "0004 01020304");

TEST(WireExchange, ReadsACommandAndItsResponse) {
  WireExchange exchange{ByteView(kAskRandom)};
  exchange.answer(kRandom);
  EXPECT_EQ(exchange.code(), kGetRandom);
  EXPECT_EQ(exchange.asked().value("bytesRequested"), 4U);
  ASSERT_NE(exchange.success(), nullptr);
  EXPECT_THAT(exchange.given().octets("randomBytes.buffer"), ElementsAre(1, 2, 3, 4));
  EXPECT_TRUE(exchange.given().octets("nonceTPM").empty());
}

TEST(WireExchange, ForgetsWhatItReadOfAnEarlierResponse) {
  WireExchange exchange{ByteView(kAskRandom)};
  exchange.answer(kRandom);
  ASSERT_FALSE(exchange.given().fields.empty());
  exchange.answer(plain(0x922));
  EXPECT_EQ(exchange.rc(), 0x922U);
  EXPECT_EQ(exchange.success(), nullptr);
  EXPECT_TRUE(exchange.given().fields.empty());
  exchange.answer(plain(0, "0001 07"));
  EXPECT_THAT(exchange.given().octets("randomBytes.buffer"), ElementsAre(7));
}

TEST(WireExchange, GivesTheResponseAway) {
  WireExchange exchange{ByteView(kAskRandom)};
  exchange.answer(kRandom);
  ASSERT_NE(exchange.success(), nullptr);
  EXPECT_EQ(exchange.take_response(), kRandom);
  EXPECT_TRUE(exchange.response().empty());
  EXPECT_EQ(exchange.success(), nullptr);
}

TEST(WireExchange, HasNoPartsOfWhatCannotBeRead) {
  WireExchange cut(Bytes(kAskRandom.begin(), kAskRandom.end() - 1));
  cut.answer(kRandom);
  EXPECT_FALSE(cut.request());
  EXPECT_THAT(cut.reply().error().message, HasSubstr("11")) << "the command is why";
  EXPECT_TRUE(cut.asked().fields.empty());
  WireExchange answered{ByteView(kAskRandom)};
  EXPECT_EQ(answered.success(), nullptr) << "before there is a response";
  answered.answer(plain(0, "0005 01020304"));
  EXPECT_NE(answered.success(), nullptr) << "its areas are right";
  EXPECT_TRUE(answered.given().fields.empty());
}

TEST(CommandBuilder, PutsAParameterBehindTheHeader) {
  EXPECT_EQ(CommandBuilder(kFlushContext).parameter(std::uint32_t{0x80000001}).build(),
            plain(kFlushContext, "80000001"));
}

TEST(CommandBuilder, PutsAuthorizationsBetweenHandlesAndParameters) {
  const Bytes pin{0x31, 0x32};
  EXPECT_EQ(CommandBuilder(kLoad)
                .handle(0x81000001)
                .password(pin)
                .password()
                .parameter(std::uint16_t{0})
                .parameter(std::uint8_t{7})
                .build(),
            message(0x8002, kLoad,
                    "81000001 00000014 40000009 0000 00 0002 3132 40000009 0000 00 0000 0000 07"));
}

}  // namespace
}  // namespace tpmprobe::suites
