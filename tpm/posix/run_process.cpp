// SPDX-License-Identifier: BSD-2-Clause
// Running a program to its end. run_process() at the bottom starts it, collects what it writes
// (Collector, collect()) until it ends or its time is up, and says what came of it.
// ChildProcess, which it stands on, is in process.cpp.
#include <algorithm>
#include <array>
#include <cerrno>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "tpm/posix/poll.h"
#include "tpm/posix/process.h"

namespace tpmprobe::tpm {
namespace {

/// Keeps what comes out of a pipe, up to a limit; the rest is read and thrown away, so that the
/// writer never blocks.
class Collector {
 public:
  Collector(UniqueFd pipe, std::size_t limit) : pipe_(std::move(pipe)), limit_(limit) {}

  /// Takes what is there now; false if there was nothing, or nothing more will come.
  bool take() {
    std::array<char, 65536> buffer;
    const ssize_t count = ::read(pipe_.get(), buffer.data(), buffer.size());
    if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) pipe_.reset();
    if (count <= 0) return false;
    const auto fits = std::min(limit_ - text_.size(), static_cast<std::size_t>(count));
    text_.append(buffer.data(), fits);
    truncated_ = truncated_ || fits < static_cast<std::size_t>(count);
    return true;
  }

  /// Takes what is left after the writer's end, but no endless stream of somebody else.
  void drain() {
    while (!truncated_ && take()) continue;
  }

  [[nodiscard]] int fd() const { return pipe_.get(); }
  [[nodiscard]] bool truncated() const { return truncated_; }
  std::string text() && { return std::move(text_); }

 private:
  UniqueFd pipe_;
  std::size_t limit_;
  std::string text_;
  bool truncated_ = false;
};

/// Why collecting came to an end.
enum class Ending : std::uint8_t { exited, timeout, stopped };

bool is_set(const std::atomic<bool>* flag) {
  return flag != nullptr && *flag;
}

/// Collects until the process ends, `until` comes, or `stop` is set.
Ending collect(Child& child, Collector& output, Collector& errors, TimePoint until,
               const std::atomic<bool>* stop) {
  const SystemClock clock;
  constexpr std::chrono::milliseconds kLook(100);  // how often at `stop`
  while (!is_set(stop)) {
    std::array<pollfd, 3> events{pollfd{output.fd(), POLLIN, 0}, pollfd{errors.fd(), POLLIN, 0},
                                 pollfd{child.exit_event(), POLLIN, 0}};
    const TimePoint look = stop != nullptr ? std::min(until, clock.now() + kLook) : until;
    const bool ready = poll_until(events, look, clock);
    if (events[0].revents != 0) output.take();
    if (events[1].revents != 0) errors.take();
    if (ready && events[2].revents != 0) return Ending::exited;
    if (clock.now() >= until) return Ending::timeout;
  }
  return Ending::stopped;
}

}  // namespace

Expected<ProcessResult> run_process(const std::vector<std::string>& argv,
                                    const ProcessOptions& options) {
  const SystemClock clock;
  const TimePoint until = clock.now() + options.timeout;
  auto process = ChildProcess::start(argv, options);
  if (!process) return tl::unexpected(process.error());
  Collector output(std::move(process->output()), options.output_limit);
  Collector errors(std::move(process->errors()), options.output_limit);
  const Ending ending = collect(process->child(), output, errors, until, options.stop);
  if (ending == Ending::stopped) {
    return fail(Error::Kind::interrupted, 0,
                fmt::format("{} was ended, because the run is being stopped", argv.front()));
  }
  if (ending == Ending::timeout) {
    const auto seconds = std::chrono::duration<double>(options.timeout).count();
    return fail(
        Error::Kind::timeout, 0,
        fmt::format("{} did not finish within {:g} s and was ended", argv.front(), seconds));
  }
  ProcessResult result;
  result.status = process->child().wait(until, clock).value_or(ExitStatus{});
  output.drain();
  errors.drain();
  result.truncated = output.truncated() || errors.truncated();
  result.output = std::move(output).text();
  result.errors = std::move(errors).text();
  return result;
}

}  // namespace tpmprobe::tpm
