// SPDX-License-Identifier: BSD-2-Clause
#include <atomic>
#include <functional>
#include <latch>
#include <thread>

#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/un.h>

#include "suites/support/raw_commands.h"
#include "suites/support/waiting.h"
#include "tpm/posix/private_directory.h"
#include "tpm/posix/stream.h"
#include "tpm/transport/limits.h"
#include "tpm/transport/open.h"
#include "tpm/transport/swtpm.h"

namespace tpmprobe::tpm {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

const Bytes kResponse{0x80, 0x01, 0, 0, 0, 12, 0, 0, 0, 0, 0xaa, 0xbb};

/// It is early until something makes it late.
class LateClock final : public Clock {
 public:
  std::atomic<bool> late = false;
  [[nodiscard]] TimePoint now() const override { return TimePoint(late ? 1h : 0h); }
  void sleep_until(TimePoint) override {}
};

/// A server on a UNIX socket that accepts connections one by one, takes a command and does with the
/// connection what the test says.
class TransportSwtpm : public ::testing::Test {
 protected:
  using Behaviour = std::function<void(int connection)>;

  void SetUp() override {
    auto directory = PrivateDirectory::create();
    ASSERT_TRUE(directory);
    directory_.emplace(std::move(*directory));
    path_ = directory_->path() / "tpm";
    const auto endpoint = resolve({.path = path_});
    ASSERT_TRUE(endpoint);
    listener_ = UniqueFd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const auto* address = reinterpret_cast<const sockaddr*>(&endpoint->address);
    ASSERT_EQ(::bind(listener_.get(), address, endpoint->size), 0);
    ASSERT_EQ(::listen(listener_.get(), 1), 0);
    transport_.emplace(*endpoint, clock_);
  }

  /// Serves as many connections as there are behaviours, in the background.
  void serve(std::vector<Behaviour> behaviours) {
    server_ = std::jthread([this, behaviours = std::move(behaviours)] {
      for (const auto& behave : behaviours) {
        const UniqueFd connection(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        Bytes command(raw::kGetRandom.size());
        const auto received =
            receive_all(connection.get(), command, TimePoint::max(), clock_, "client");
        EXPECT_TRUE(received && command == raw::kGetRandom);
        behave(connection.get());
      }
    });
  }

  static void say(int connection, ByteView octets) {
    EXPECT_EQ(::send(connection, octets.data(), octets.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(octets.size()));
  }

  /// Says this and then nothing more, with the connection open until the client has its result.
  Behaviour say_and_stay(Bytes octets) {
    return [this, octets = std::move(octets)](int connection) {
      say(connection, octets);
      done_.wait();
    };
  }

  auto transmit(Duration limit) {
    auto response = transport_->transmit(raw::kGetRandom, clock_.now() + limit);
    if (!done_.try_wait()) done_.count_down();
    return response;
  }

  SystemClock clock_;
  std::optional<PrivateDirectory> directory_;
  std::string path_;
  UniqueFd listener_;
  std::optional<SwtpmTransport> transport_;
  std::latch done_{1};
  std::jthread server_;
};

TEST_F(TransportSwtpm, UsesOneConnectionPerCommand) {
  const Behaviour answer = [](int connection) { say(connection, kResponse); };
  serve({answer, answer});
  for (int round = 0; round < 2; ++round) {
    const auto response = transmit(suites::kPatience);
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(*response, kResponse);
  }
}

TEST_F(TransportSwtpm, PutsAResponseInPiecesTogether) {
  serve({[](int connection) {
    for (const std::uint8_t& octet : kResponse) say(connection, {&octet, 1});
  }});
  const auto response = transmit(suites::kPatience);
  ASSERT_TRUE(response);
  EXPECT_EQ(*response, kResponse);
}

TEST_F(TransportSwtpm, DoesNotWaitForMoreThanTheHeaderSays) {
  serve({say_and_stay(kResponse)});
  const auto response = transmit(suites::kPatience);
  ASSERT_TRUE(response);
  EXPECT_EQ(*response, kResponse);
}

TEST_F(TransportSwtpm, TimesOutOnAServerThatStaysSilent) {
  serve({say_and_stay({})});
  const auto response = transmit(50ms);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, Error::Kind::timeout);
  EXPECT_EQ(response.error().command, 0x17bU);
}

TEST_F(TransportSwtpm, TimesOutOnAServerThatAcceptsNobody) {
  const auto endpoint = transport_->endpoint();
  std::vector<UniqueFd> queue;
  while (auto connection = connect_to(endpoint, clock_.now() + 20ms, clock_)) {
    queue.push_back(std::move(*connection));
  }
  const auto response = transmit(20ms);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, Error::Kind::timeout);
}

TEST_F(TransportSwtpm, GivesALateAnswerToNobody) {
  const Bytes late{0x80, 0x01, 0, 0, 0, 10, 0, 0, 1, 1};
  serve({[this, late](int connection) {
           done_.wait();
           ::send(connection, late.data(), late.size(), MSG_NOSIGNAL);
         },
         [](int connection) { say(connection, kResponse); }});
  const auto first = transmit(20ms);
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().kind, Error::Kind::timeout);
  const auto second = transmit(suites::kPatience);
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(*second, kResponse);
}

TEST_F(TransportSwtpm, NoticesAConnectionClosedInTheMiddle) {
  serve({[](int connection) { say(connection, ByteView(kResponse).first(11)); }});
  const auto response = transmit(suites::kPatience);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, Error::Kind::closed);
  EXPECT_THAT(response.error().message, HasSubstr("after 11 of 12 bytes"));
}

TEST_F(TransportSwtpm, NoticesAConnectionClosedInTheHeader) {
  serve({[](int connection) { say(connection, ByteView(kResponse).first(3)); }});
  const auto response = transmit(suites::kPatience);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, Error::Kind::closed);
  EXPECT_THAT(response.error().message, HasSubstr("after 3 bytes"));
}

TEST_F(TransportSwtpm, NoticesAConnectionClosedWithoutAnAnswer) {
  serve({[](int) {}});
  const auto response = transmit(suites::kPatience);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().kind, Error::Kind::closed);
}

TEST_F(TransportSwtpm, GivesUpTheOctetsOfAResponseThatStopsHalfway) {
  const Bytes half(kResponse.begin(), kResponse.begin() + 11);
  LateClock clock;
  const auto endpoint = transport_->endpoint();
  SwtpmTransport transport(endpoint, clock);
  serve({[&](int connection) {
    say(connection, half);
    clock.late = true;
    done_.wait();
  }});
  const auto response = transport.transmit(raw::kGetRandom, clock.now() + 50ms);
  done_.count_down();
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(*response, half);
}

TEST_F(TransportSwtpm, GivesUpAnImpossibleHeaderWithoutWaiting) {
  for (const Bytes& size : {Bytes{0, 0, 0, 9}, Bytes{0xff, 0xff, 0xff, 0xff}}) {
    Bytes odd = kResponse;
    std::ranges::copy(size, odd.begin() + 2);
    serve({[odd](int connection) {
      say(connection, odd);
      Bytes until_closed;
      receive_some(connection, until_closed, 1, TimePoint::max(), SystemClock{}, "client");
    }});
    const auto response = transmit(suites::kPatience);
    ASSERT_TRUE(response);
    EXPECT_EQ(*response, odd);
    server_.join();
  }
}

TEST_F(TransportSwtpm, GivesUpOctetsBeyondTheHeadersSize) {
  Bytes extended = kResponse;
  extended.push_back(0xcc);
  serve({say_and_stay(extended)});
  const auto response = transmit(suites::kPatience);
  ASSERT_TRUE(response);
  EXPECT_EQ(*response, extended);
}

TEST_F(TransportSwtpm, TakesNoMoreThanTheLongestResponse) {
  Bytes flood(3 * kMaxResponseSize);
  std::ranges::copy(Bytes{0x80, 0x01, 0, 0, 0x20, 0x00}, flood.begin());
  serve(
      {[flood](int connection) { ::send(connection, flood.data(), flood.size(), MSG_NOSIGNAL); }});
  const auto response = transmit(suites::kPatience);
  ASSERT_TRUE(response);
  EXPECT_EQ(response->size(), kMaxResponseSize);
}

TEST_F(TransportSwtpm, KnowsOnePlaceByAllItsSpellings) {
  const std::string odd = (directory_->path() / "." / ".." / directory_->path().filename() / "tpm");
  serve({});
  const auto plain = open_transport("swtpm:path=" + path_, clock_);
  ASSERT_TRUE(plain) << plain.error().message;
  UniqueFd(::accept(listener_.get(), nullptr, nullptr)).reset();
  const auto other = open_transport("swtpm:path=" + odd, clock_);
  ASSERT_TRUE(other) << other.error().message;
  EXPECT_EQ(plain->lock_key, other->lock_key);
  EXPECT_EQ(plain->name, "swtpm");
}

TEST(SwtpmOpen, ReachesATcpPortByNameAndByNumber) {
  SystemClock clock;
  const UniqueFd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  ASSERT_EQ(::bind(listener.get(), generic, size), 0);
  ASSERT_EQ(::listen(listener.get(), 8), 0);
  ASSERT_EQ(::getsockname(listener.get(), generic, &size), 0);
  const std::string port = std::to_string(ntohs(address.sin_port));
  const auto by_name = open_transport("swtpm:host=localhost,port=" + port, clock);
  const auto by_number = open_transport("swtpm:port=" + port + ",host=127.0.0.1", clock);
  ASSERT_TRUE(by_name) << by_name.error().message;
  ASSERT_TRUE(by_number);
  EXPECT_EQ(by_name->lock_key, "swtpm:127.0.0.1:" + port);
  EXPECT_EQ(by_number->lock_key, by_name->lock_key);
}

TEST(SwtpmOpen, SaysThatNobodyListens) {
  SystemClock clock;
  for (const char* place : {"path=/nonexistent/tpm", "host=127.0.0.1,port=1"}) {
    const auto transport = SwtpmTransport::open(place, clock);
    ASSERT_FALSE(transport) << place;
    EXPECT_EQ(transport.error().kind, Error::Kind::no_device);
    EXPECT_THAT(transport.error().message, HasSubstr("no swtpm is listening at"));
  }
}

TEST(SwtpmOpen, RefusesAPathThatIsTooLong) {
  const auto endpoint = resolve({.path = "/" + std::string(200, 'x')});
  ASSERT_FALSE(endpoint);
  EXPECT_THAT(endpoint.error().message, HasSubstr("too long"));
}

TEST(SwtpmAddressText, HasDefaults) {
  EXPECT_EQ(parse_swtpm_address("")->text(), "localhost:2321");
  EXPECT_EQ(parse_swtpm_address("port=1234")->text(), "localhost:1234");
  EXPECT_EQ(parse_swtpm_address("host=tpm.example")->text(), "tpm.example:2321");
  EXPECT_EQ(parse_swtpm_address("host=::1,port=7")->host, "::1");
  EXPECT_EQ(parse_swtpm_address("path=/run/a=b")->text(), "/run/a=b");
}

TEST(SwtpmAddressText, RefusesWhatTctiSwtpmDoesNotKnow) {
  for (const char* text : {"nonsense", "paht=/x", "path=", "port=0", "port=65536", "port=12x",
                           "host=a,,port=1", "/run/tpm.sock"}) {
    const auto address = parse_swtpm_address(text);
    ASSERT_FALSE(address) << text;
    EXPECT_THAT(address.error().message, HasSubstr(text));
  }
}

}  // namespace
}  // namespace tpmprobe::tpm
