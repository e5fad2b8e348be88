// SPDX-License-Identifier: BSD-2-Clause
// The server with a TPM that does as it is told, and clients that do not.
#include "emulator/server/server.h"

#include <array>
#include <functional>
#include <thread>

#include <gmock/gmock.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "suites/support/waiting.h"
#include "tpm/layers/header.h"
#include "tpm/posix/private_directory.h"
#include "tpm/posix/stream.h"
#include "tpm/transport/swtpm.h"

namespace tpmprobe::emulator {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

constexpr std::uint32_t kEcho = 0x17B;

/// A command with this code and nothing else.
Bytes command(std::uint32_t code = kEcho) {
  return tpm::header::response(code);
}

/// Answers by a function of the code.
class ScriptedTpm final : public tpm::Transport {
 public:
  std::function<Expected<Bytes>(std::uint32_t)> script = [](std::uint32_t code) {
    return tpm::header::response(code);
  };
  Expected<Bytes> transmit(ByteView octets, tpm::TimePoint) override {
    return script(static_cast<std::uint32_t>(tpm::header::load(octets, 6, 4)));
  }
};

class ServerForAll : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_.emplace(std::move(*tpm::PrivateDirectory::create()));
    path_ = folder_->path() / "tpm";
    server_.listen(Client::Channel::commands, std::move(*Listener::at_path(path_)));
    server_.listen(Client::Channel::control, std::move(*Listener::at_path(path_ + ".ctrl")));
  }
  void TearDown() override {
    const std::uint64_t one = 1;
    ASSERT_EQ(::write(stop_.get(), &one, sizeof one), static_cast<ssize_t>(sizeof one));
    if (thread_.joinable()) thread_.join();
  }
  void start() {
    thread_ = std::thread([this] { server_.run(std::array{stop_.get()}); });
  }

  tpm::UniqueFd client(const char* channel = "") {
    auto socket = tpm::connect_to(*tpm::resolve({path_ + channel, "", ""}), deadline(), clock_);
    EXPECT_TRUE(socket) << socket.error().message;
    return std::move(*socket);
  }
  void send(const tpm::UniqueFd& socket, ByteView octets) {
    EXPECT_TRUE(tpm::send_all(socket.get(), octets, deadline(), clock_, "the server"));
  }
  Bytes receive(const tpm::UniqueFd& socket, std::size_t count) {
    Bytes octets(count);
    const auto got = tpm::receive_all(socket.get(), octets, deadline(), clock_, "the server");
    EXPECT_TRUE(got) << got.error().message;
    return octets;
  }
  bool is_closed(const tpm::UniqueFd& socket) {
    Bytes octets;
    const auto got = tpm::receive_some(socket.get(), octets, 1, deadline(), clock_, "the server");
    return got ? *got == 0 : got.error().kind == Error::Kind::closed;
  }
  Bytes ask(const tpm::UniqueFd& socket, ByteView octets = command()) {
    send(socket, octets);
    return receive(socket, tpm::header::kSize);
  }
  void expect_served() { EXPECT_EQ(ask(client()), command()); }
  static tpm::TimePoint deadline() { return suites::patience_ends(); }

  tpm::SystemClock clock_;
  std::optional<tpm::PrivateDirectory> folder_;
  std::string path_;
  ScriptedTpm tpm_;
  DelayClock delays_;
  std::vector<std::uint8_t> localities_;
  Server server_{tpm_,
                 delays_,
                 {.set_locality =
                      [this](std::uint8_t locality) {
                        localities_.push_back(locality);
                        return locality < 5;
                      },
                  .executed = {},
                  .failed = {}}};
  tpm::UniqueFd stop_{::eventfd(0, EFD_CLOEXEC)};
  std::thread thread_;
};

TEST_F(ServerForAll, ServesManyCommandsOfOneConnection) {
  start();
  const auto one = client();
  EXPECT_EQ(ask(one), command());
  EXPECT_EQ(ask(one, command(0x144)), command(0x144));
  Bytes two = command(1);
  const Bytes second = command(2);
  two.insert(two.end(), second.begin(), second.end());
  send(one, two);
  EXPECT_EQ(receive(one, 20), two);
}

TEST_F(ServerForAll, AnswersAClientThatHasSentItsLast) {
  start();
  const auto one = client();
  send(one, command());
  ::shutdown(one.get(), SHUT_WR);
  EXPECT_EQ(receive(one, 10), command());
  EXPECT_TRUE(is_closed(one));
}

TEST_F(ServerForAll, IsHarmedByNoHalfCommandAndNoDisconnect) {
  start();
  const auto half = client();
  send(half, ByteView(command()).first(7));
  {
    const auto gone = client();
    send(gone, command());
  }
  expect_served();
  send(half, ByteView(command()).subspan(7));
  EXPECT_EQ(receive(half, 10), command());
}

TEST_F(ServerForAll, RefusesImpossibleSizesAndHangsUp) {
  start();
  for (const std::uint32_t size : {0U, 9U, 4097U, 0xFFFFFFFFU}) {
    Bytes octets = command();
    tpm::header::store(octets, 2, 4, size);
    const auto garbage = client();
    EXPECT_EQ(ask(garbage, octets), tpm::header::response(0x142)) << size;
    EXPECT_TRUE(is_closed(garbage));
  }
  expect_served();
}

TEST_F(ServerForAll, WaitsForNobodyWhoDoesNotRead) {
  constexpr std::size_t kMoreThanASocketHolds = std::size_t{8} << 20U;
  tpm_.script = [](std::uint32_t code) {
    Bytes big = command(code);
    if (code != kEcho) big.resize(kMoreThanASocketHolds);
    return big;
  };
  start();
  const auto deaf = client();
  send(deaf, command(1));
  // Each of them takes a turn in which the answer goes on until it has no place to go.
  for (int turn = 0; turn < 100; ++turn) expect_served();
}

TEST_F(ServerForAll, DropsWhoIsSilentLongestWhenThereAreTooMany) {
  start();
  std::vector<tpm::UniqueFd> idle;
  for (std::size_t i = 0; i < Server::kMaxClients + 1; ++i) idle.push_back(client());
  expect_served();
  EXPECT_TRUE(is_closed(idle.front()));
  EXPECT_EQ(ask(idle.back()), command());
}

TEST_F(ServerForAll, HoldsALateAnswerBackAndServesTheOthersAfterIt) {
  tpm_.script = [this](std::uint32_t code) {
    if (code == 1) delays_.sleep_for(1h);
    return command(code);
  };
  start();
  const auto late = client();
  send(late, command(1));
  const auto other = client();
  send(other, command());
  // The TPM is busy for an hour, and yet the control channel answers, and ends it.
  const auto control = client(".ctrl");
  send(control, Bytes{0, 0, 0, 1});
  receive(control, 8);  // a round later the command is surely under way
  send(control, Bytes{0, 0, 0, 9});
  EXPECT_THAT(receive(control, 4), ElementsAre(0, 0, 0, 0));
  EXPECT_EQ(receive(late, 10), command(1));
  EXPECT_EQ(receive(other, 10), command());
}

TEST_F(ServerForAll, LeavesAHungCommandToItsClient) {
  tpm_.script = [](std::uint32_t code) -> Expected<Bytes> {
    if (code == 1) return fail(Error::Kind::timeout, code, "the TPM did not answer in time");
    return command(code);
  };
  start();
  const auto hung = client();
  send(hung, command(1));
  expect_served();
  const auto control = client(".ctrl");
  send(control, Bytes{0, 0, 0, 9});
  EXPECT_THAT(receive(control, 4), ElementsAre(0, 0, 0, 0));
  EXPECT_EQ(receive(hung, 10), tpm::header::response(0x909));
}

TEST_F(ServerForAll, AnswersWhatTheGuardRefusesAndClosesWhatBreaks) {
  tpm_.script = [](std::uint32_t code) -> Expected<Bytes> {
    return fail(code == 1 ? Error::Kind::refused : Error::Kind::closed, code, "no");
  };
  start();
  EXPECT_EQ(ask(client(), command(1)), tpm::header::response(0xB0143));
  const auto broken = client();
  send(broken, command(2));
  EXPECT_TRUE(is_closed(broken));
}

TEST_F(ServerForAll, ServesTheControlChannel) {
  start();
  const auto control = client(".ctrl");
  send(control, Bytes{0, 0, 0, 5, 3, 0, 0, 0, 5});
  EXPECT_THAT(receive(control, 4), ElementsAre(0, 0, 0, 0));
  send(control, Bytes{7});
  EXPECT_THAT(receive(control, 4), ElementsAre(0, 0, 0, 0x3D));
  send(control, Bytes{0, 0, 0, 1});
  EXPECT_THAT(receive(control, 8), ElementsAre(0, 0, 0, 0, 0, 0, 0, 0x28));
  send(control, Bytes{0, 0, 0, 3});
  EXPECT_THAT(receive(control, 4), ElementsAre(0, 0, 0, 0x0A));
  EXPECT_TRUE(is_closed(control));
  EXPECT_THAT(localities_, ElementsAre(3, 7));
}

TEST(Listener, ReplacesADeadSocketAndNothingElse) {
  const auto folder = tpm::PrivateDirectory::create();
  const std::string path = folder->path() / "tpm";
  const auto living = Listener::at_path(path);
  ASSERT_TRUE(living);
  EXPECT_FALSE(Listener::at_path(path));
  const std::string left = folder->path() / "left";
  {
    // What a killed server leaves: the file without the socket.
    const auto endpoint = *tpm::resolve({left, "", ""});
    const tpm::UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    ASSERT_EQ(
        ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&endpoint.address), endpoint.size),
        0);
  }
  EXPECT_TRUE(Listener::at_path(left));
}

}  // namespace
}  // namespace tpmprobe::emulator
