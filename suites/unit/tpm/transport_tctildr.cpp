// SPDX-License-Identifier: BSD-2-Clause
#include <csignal>

#include <gmock/gmock.h>

#include "suites/support/raw_commands.h"
#include "suites/support/waiting.h"
#include "tpm/transport/open.h"
#include "tpm/transport/tctildr.h"

namespace tpmprobe::tpm {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

/// tcti-cmd with cat as the TPM answers every command with the command.
class TransportTctiLdr : public ::testing::Test {
 protected:
  std::unique_ptr<TctiLdrTransport> open(const std::string& configuration) {
    auto transport = TctiLdrTransport::open(configuration, clock_);
    EXPECT_TRUE(transport) << transport.error().message;
    return transport ? std::move(*transport) : nullptr;
  }

  auto transmit(TctiLdrTransport& transport, Duration limit = suites::kPatience) {
    return transport.transmit(raw::kGetRandom, clock_.now() + limit);
  }

  SystemClock clock_;
};

TEST_F(TransportTctiLdr, CarriesCommandsAndResponses) {
  const auto transport = open("cmd:cat");
  ASSERT_TRUE(transport);
  for (int round = 0; round < 3; ++round) {
    const auto response = transmit(*transport);
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(*response, raw::kGetRandom);
  }
}

TEST_F(TransportTctiLdr, GivesUpATctiThatNeverAnswers) {
  const auto transport = open("cmd:sleep infinity");
  ASSERT_TRUE(transport);
  const UniqueFd helper = watch_process(transport->helper());
  const auto response = transmit(*transport, 50ms);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, Error::Kind::timeout);
  EXPECT_EQ(response.error().command, 0x17bU);
  EXPECT_TRUE(suites::ends(helper));
  EXPECT_EQ(transport->helper(), 0);
}

TEST_F(TransportTctiLdr, StartsANewHelperAfterOneWasKilled) {
  const auto transport = open("cmd:cat");
  ASSERT_TRUE(transport);
  const pid_t first = transport->helper();
  ::kill(first, SIGKILL);
  const UniqueFd helper = watch_process(first);
  ASSERT_TRUE(suites::ends(helper));
  const auto lost = transmit(*transport);
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().kind, Error::Kind::closed);
  const auto response = transmit(*transport);
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(*response, raw::kGetRandom);
  EXPECT_NE(transport->helper(), first);
}

TEST_F(TransportTctiLdr, KeepsTheWholeCodeOfTheTcti) {
  const auto transport = open("cmd:false");
  ASSERT_TRUE(transport);
  const auto response = transmit(*transport);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, Error::Kind::tss);
  EXPECT_EQ(response.error().rc & 0xffff0000U, 0x000a0000U);
}

TEST_F(TransportTctiLdr, LeavesNoProcessBehind) {
  pid_t helper = 0;
  {
    const auto transport = open("cmd:cat");
    ASSERT_TRUE(transport);
    helper = transport->helper();
  }
  EXPECT_EQ(::kill(helper, 0), -1);
}

TEST_F(TransportTctiLdr, NamesATctiThatDoesNotExist) {
  const auto transport = TctiLdrTransport::open("nonsense:conf", clock_);
  ASSERT_FALSE(transport);
  EXPECT_EQ(transport.error().kind, Error::Kind::tss);
  EXPECT_EQ(transport.error().rc, 0x000a0015U);
  EXPECT_EQ(transport.error().message,
            "the TCTI nonsense is not installed (libtss2-tcti-nonsense.so.0)");
}

TEST_F(TransportTctiLdr, NamesAConfigurationThatIsNotUnderstood) {
  const auto transport = TctiLdrTransport::open("mssim:nonsense", clock_);
  ASSERT_FALSE(transport);
  EXPECT_EQ(transport.error().rc, 0x000a000bU);
  EXPECT_THAT(transport.error().message, HasSubstr("mssim does not understand"));
}

TEST_F(TransportTctiLdr, IsNoDeviceIfNobodyListens) {
  const auto transport = TctiLdrTransport::open("mssim:host=127.0.0.1,port=1", clock_);
  ASSERT_FALSE(transport);
  EXPECT_EQ(transport.error().kind, Error::Kind::no_device);
  EXPECT_EQ(transport.error().rc, 0x000a000aU);
}

TEST_F(TransportTctiLdr, IsSilentAboutABusThatDoesNotExist) {
  ::setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent", 1);
  ::testing::internal::CaptureStderr();
  const auto transport = TctiLdrTransport::open("tabrmd", clock_);
  const std::string printed = ::testing::internal::GetCapturedStderr();
  ::unsetenv("DBUS_SYSTEM_BUS_ADDRESS");
  ASSERT_FALSE(transport);
  if (transport.error().rc == 0x000a0015) GTEST_SKIP() << "there is no tcti-tabrmd here";
  EXPECT_EQ(transport.error().kind, Error::Kind::no_device);
  EXPECT_EQ(printed, "");
}

TEST_F(TransportTctiLdr, BoundsTheTimeForInitialisation) {
  const auto transport = TctiLdrTransport::open("cmd:cat", clock_, Duration::zero());
  ASSERT_FALSE(transport);
  EXPECT_EQ(transport.error().kind, Error::Kind::timeout);
}

TEST_F(TransportTctiLdr, ServesEveryOtherConfigurationOfOpenTransport) {
  const auto opened = open_transport("cmd:cat", clock_);
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(opened->name, "cmd");
  EXPECT_EQ(opened->lock_key, "cmd:cat");
  const auto response = opened->transport->transmit(raw::kGetRandom, suites::patience_ends());
  ASSERT_TRUE(response);
  EXPECT_EQ(*response, raw::kGetRandom);
}

TEST_F(TransportTctiLdr, OpenTransportRefusesNonsenseInOneLine) {
  for (const char* nonsense : {"", ":", ":conf", " ", "two words", "line\nline", "nonsense"}) {
    const auto opened = open_transport(nonsense, clock_);
    ASSERT_FALSE(opened) << nonsense;
    EXPECT_FALSE(opened.error().message.empty());
    EXPECT_EQ(opened.error().message.find('\n'), std::string::npos);
  }
}

}  // namespace
}  // namespace tpmprobe::tpm
