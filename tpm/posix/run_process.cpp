// SPDX-License-Identifier: BSD-2-Clause
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

/// Collects until the process ends; false if `until` comes first.
bool collect(Child& child, Collector& output, Collector& errors, TimePoint until) {
  const SystemClock clock;
  while (true) {
    std::array<pollfd, 3> events{pollfd{output.fd(), POLLIN, 0}, pollfd{errors.fd(), POLLIN, 0},
                                 pollfd{child.exit_event(), POLLIN, 0}};
    if (!poll_until(events, until, clock)) return false;
    if (events[0].revents != 0) output.take();
    if (events[1].revents != 0) errors.take();
    if (events[2].revents != 0) return true;
    if (clock.now() > until) return false;
  }
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
  if (!collect(process->child(), output, errors, until)) {
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
