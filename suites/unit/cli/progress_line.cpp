// SPDX-License-Identifier: BSD-2-Clause
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/terminal/progress.h"
#include "text/utf8.h"

namespace tpmprobe::cli {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

/// Time that passes only when told to.
class StoppedClock final : public tpm::Clock {
 public:
  [[nodiscard]] tpm::TimePoint now() const override { return now_; }
  void sleep_until(tpm::TimePoint until) override { now_ = until; }

 private:
  tpm::TimePoint now_;
};

class ProgressLine : public testing::Test {
 protected:
  Progress progress(ProgressStyle style) {
    return {out_, style, clock_, [this] { return foreground_; }};
  }
  [[nodiscard]] std::string shown() const { return out_.str(); }

  std::ostringstream out_;
  StoppedClock clock_;
  bool foreground_ = true;
};

constexpr ProgressStyle kTerminal{true, false, false, 60};
constexpr ProgressStyle kPipe{false, false, false, 60};
constexpr ProgressStyle kVerbosePipe{false, true, false, 60};

TEST_F(ProgressLine, ShowsCountIdAndTime) {
  auto line = progress(kTerminal);
  line.started(12, 48, "rsa2048.sign");
  clock_.sleep_for(3100ms);
  line.tick();
  EXPECT_THAT(shown(), EndsWith("\r\x1b[K12/48 rsa2048.sign 3.1 s"));
}

TEST_F(ProgressLine, IsClearedAtTheEnd) {
  {
    auto line = progress(kTerminal);
    line.started(1, 2, "rng.repeat");
    line.finished(Verdict::pass, 3);
  }
  EXPECT_THAT(shown(), EndsWith("0.0 s\r\x1b[K"));
}

TEST_F(ProgressLine, ElidesALongIdInTheMiddle) {
  auto line = progress({true, false, false, 40});
  line.started(100, 104, "ssh.a-very-long-name-indeed.rsa-sha2-512");
  EXPECT_THAT(shown(), HasSubstr("..."));
  EXPECT_THAT(shown(), HasSubstr("sha2-512 0.0 s"));
  EXPECT_EQ(text::display_width(shown().substr(1)), 39);
}

TEST_F(ProgressLine, IsNotDrawnInThePipe) {
  auto line = progress(kPipe);
  line.forecast("this takes 10 s");
  line.started(1, 2, "rng.repeat");
  line.tick();
  line.finished(Verdict::pass, 3);
  line.clear();
  EXPECT_EQ(shown(), "");
}

TEST_F(ProgressLine, IsALineForEachProbeIfVerbose) {
  auto line = progress(kVerbosePipe);
  line.started(1, 2, "rng.repeat");
  line.finished(Verdict::pass, 3);
  line.started(2, 2, "sign.ecdsa-p256-sha256");
  line.finished(Verdict::fail, 1712);
  EXPECT_EQ(shown(), "1/2 rng.repeat pass 3.0 ms\n2/2 sign.ecdsa-p256-sha256 fail 1.7 s\n");
}

TEST_F(ProgressLine, ShowsTheForecastOnALineThatStays) {
  auto line = progress(kTerminal);
  line.started(1, 2, "rsa2048.create");
  line.forecast("an RSA-2048 key takes this TPM about 10 s");
  EXPECT_THAT(shown(), EndsWith("\r\x1b[Kan RSA-2048 key takes this TPM about 10 s\n"));
}

TEST_F(ProgressLine, StaysAwayFromTheTerminalInTheBackground) {
  foreground_ = false;
  auto line = progress({true, true, false, 60});
  line.started(1, 2, "rng.repeat");
  line.forecast("slow");
  line.finished(Verdict::pass, 3);
  line.clear();
  EXPECT_EQ(shown(), "");
}

TEST_F(ProgressLine, HasNoRunningProbeAfterTheLastOne) {
  auto line = progress(kTerminal);
  line.started(1, 1, "rng.repeat");
  line.finished(Verdict::pass, 3);
  line.clear();
  const auto before = shown();
  line.tick();
  EXPECT_EQ(shown(), before);
}

TEST_F(ProgressLine, LetsNoControlCharacterThrough) {
  auto line = progress(kTerminal);
  line.forecast("\x1b[2J");
  EXPECT_THAT(shown(), Not(HasSubstr("\x1b[2J")));
}

TEST(Ticker, CallsUntilItIsDestroyed) {
  std::mutex mutex;
  std::condition_variable called;
  int calls = 0;
  {
    const Ticker ticker(1ms, [&] {
      const std::scoped_lock lock(mutex);
      ++calls;
      called.notify_one();
    });
    std::unique_lock lock(mutex);
    called.wait(lock, [&] { return calls >= 2; });
  }
  const int after = calls;
  EXPECT_GE(after, 2);
}

}  // namespace
}  // namespace tpmprobe::cli
