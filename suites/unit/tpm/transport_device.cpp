// SPDX-License-Identifier: BSD-2-Clause
#include <array>
#include <fstream>
#include <future>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "suites/support/raw_commands.h"
#include "suites/support/waiting.h"
#include "tpm/posix/private_directory.h"
#include "tpm/transport/device.h"
#include "tpm/transport/limits.h"
#include "tpm/transport/open.h"

namespace tpmprobe::tpm {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

const Bytes kResponse{0x80, 0x01, 0, 0, 0, 10, 0, 0, 0, 0};
const Bytes kLateResponse{0x80, 0x01, 0, 0, 0, 10, 0, 0, 1, 1};

/// A pair of sequenced-packet sockets keeps the boundaries of messages as the kernel's device does.
class TransportDevice : public ::testing::Test {
 protected:
  void SetUp() override {
    std::array<int, 2> ends{};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()), 0);
    tpm_ = UniqueFd(ends[0]);
    ::fcntl(ends[1], F_SETFL, O_NONBLOCK);
    auto device = DeviceTransport::adopt(UniqueFd(ends[1]), "fake", clock_);
    ASSERT_TRUE(device);
    device_ = std::move(*device);
  }

  void answer(const Bytes& response) const {
    ASSERT_EQ(::send(tpm_.get(), response.data(), response.size(), 0),
              static_cast<ssize_t>(response.size()));
  }

  Bytes next_command() const {
    Bytes command(kMaxResponseSize);
    const ssize_t count = ::recv(tpm_.get(), command.data(), command.size(), 0);
    command.resize(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    return command;
  }

  auto transmit(Duration limit = suites::kPatience) {
    return device_->transmit(raw::kGetRandom, clock_.now() + limit);
  }

  SystemClock clock_;
  UniqueFd tpm_;
  std::unique_ptr<DeviceTransport> device_;
};

TEST_F(TransportDevice, WritesTheWholeCommandAndReadsTheWholeResponse) {
  for (int round = 0; round < 3; ++round) {
    std::thread tpm([&] {
      EXPECT_EQ(next_command(), raw::kGetRandom);
      answer(kResponse);
    });
    const auto response = transmit();
    tpm.join();
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(*response, kResponse);
  }
}

TEST_F(TransportDevice, GivesUpAtTheDeadline) {
  const auto response = transmit(20ms);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, Error::Kind::timeout);
  EXPECT_EQ(response.error().command, 0x17bU);
  EXPECT_THAT(response.error().message, HasSubstr("fake"));
}

TEST_F(TransportDevice, ThrowsALateResponseAwayBeforeTheNextCommand) {
  ASSERT_FALSE(transmit(20ms));
  std::thread tpm([&] {
    next_command();
    answer(kLateResponse);
    EXPECT_EQ(next_command(), raw::kGetRandom);
    answer(kResponse);
  });
  const auto response = transmit();
  tpm.join();
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(*response, kResponse);
}

TEST_F(TransportDevice, SendsNothingWhileTheTpmWorksOnTheCommandBefore) {
  ASSERT_FALSE(transmit(20ms));
  const auto second = transmit(20ms);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, Error::Kind::timeout);
  EXPECT_THAT(second.error().message, HasSubstr("is still working on the previous command"));
  next_command();
  Bytes more(16);
  EXPECT_EQ(::recv(tpm_.get(), more.data(), more.size(), MSG_DONTWAIT), -1);
}

TEST_F(TransportDevice, SaysWhenTheResponseIsGone) {
  tpm_.reset();
  const auto response = transmit();
  ASSERT_FALSE(response);
  // A socket fails the write already; the kernel's device gives an empty read.
  EXPECT_THAT(response.error().kind, ::testing::AnyOf(Error::Kind::closed, Error::Kind::io));
}

TEST(DeviceOpen, SaysThatThereIsNoTpm) {
  SystemClock clock;
  const auto device = DeviceTransport::open("/dev/tpmprobe-none", clock);
  ASSERT_FALSE(device);
  EXPECT_EQ(device.error().kind, Error::Kind::no_device);
  EXPECT_EQ(device.error().message, "there is no TPM at /dev/tpmprobe-none");
}

TEST(DeviceOpen, TakesNothingThatIsNoDevice) {
  SystemClock clock;
  auto directory = PrivateDirectory::create();
  ASSERT_TRUE(directory);
  const auto file = directory->path() / "tpm0";
  std::ofstream(file) << "no device";
  for (const std::string& path : {file.string(), std::string("/dev/null")}) {
    const auto device = DeviceTransport::open(path, clock);
    ASSERT_FALSE(device) << path;
    EXPECT_EQ(device.error().kind, Error::Kind::no_device);
    EXPECT_THAT(device.error().message, HasSubstr("is not a TPM device"));
  }
}

TEST(DeviceOpen, SaysThatThisUserMayNot) {
  SystemClock clock;
  auto directory = PrivateDirectory::create();
  ASSERT_TRUE(directory);
  const auto file = directory->path() / "tpm0";
  std::ofstream(file) << "x";
  ASSERT_EQ(::chmod(file.c_str(), 0), 0);
  const bool root = ::geteuid() == 0;
  ASSERT_EQ(root ? ::seteuid(65534) : 0, 0);
  const auto device = DeviceTransport::open(file.string(), clock);
  ASSERT_EQ(root ? ::seteuid(0) : 0, 0);
  ASSERT_FALSE(device);
  EXPECT_EQ(device.error().kind, Error::Kind::no_access);
  EXPECT_THAT(device.error().message, HasSubstr("this user is not allowed to open"));
}

TEST(OpenTransport, ReportsTheDeviceThatIsNamed) {
  SystemClock clock;
  const auto opened = open_transport("device:/dev/tpmprobe-none", clock);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, Error::Kind::no_device);
  EXPECT_THAT(opened.error().message, HasSubstr("/dev/tpmprobe-none"));
}

}  // namespace
}  // namespace tpmprobe::tpm
