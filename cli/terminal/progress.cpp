// SPDX-License-Identifier: BSD-2-Clause
// The line on standard error that says how far a run has come. started(), tick() and finished() are
// what happens; draw(), erase() and keep() are what is then done to the terminal. Ticker, at the
// end, is the thread that keeps the line's clock going.
#include "cli/terminal/progress.h"

#include <algorithm>
#include <ostream>
#include <utility>

#include <fmt/format.h>

#include "reports/summary.h"
#include "text/clean_text.h"
#include "text/layout.h"
#include "text/utf8.h"

namespace tpmprobe::cli {
namespace {

// To column one and erase to the end of the line (ECMA-48 EL); every terminal that is not dumb
// knows it, and it leaves no rest of a longer line.
constexpr std::string_view kEraseLine = "\r\x1B[K";

std::string elapsed(tpm::Duration duration) {
  return fmt::format("{:.1f} s", std::chrono::duration<double>(duration).count());
}

}  // namespace

Progress::Progress(std::ostream& stream, ProgressStyle style, const tpm::Clock& clock,
                   std::function<bool()> may_draw)
    : stream_(stream), style_(style), clock_(clock), may_draw_(std::move(may_draw)) {}

Progress::~Progress() {
  clear();
}

void Progress::forecast(std::string_view text) {
  const std::scoped_lock lock(mutex_);
  if (style_.terminal || style_.verbose) keep(text::clean(text, style_.unicode));
}

void Progress::started(int number, int total, std::string_view id) {
  const std::scoped_lock lock(mutex_);
  number_ = number;
  total_ = total;
  id_ = text::clean(id, style_.unicode);
  begin_ = clock_.now();
  draw();
}

void Progress::tick() {
  const std::scoped_lock lock(mutex_);
  draw();
}

void Progress::finished(Verdict verdict, double duration_ms) {
  const std::scoped_lock lock(mutex_);
  const std::string id = std::exchange(id_, {});
  if (!style_.verbose || id.empty()) return;
  keep(fmt::format("{}/{} {} {} {}", number_, total_, id, to_string(verdict),
                   reports::milliseconds_in_words(duration_ms)));
}

void Progress::clear() {
  const std::scoped_lock lock(mutex_);
  erase();
  stream_.flush();
}

void Progress::draw() {
  if (!style_.terminal || id_.empty() || !may_draw_()) return;
  const auto count = fmt::format("{}/{} ", number_, total_);
  const auto time = fmt::format(" {}", elapsed(clock_.now() - begin_));
  // The last column stays free: some terminals wrap as soon as it is written.
  const int left = style_.width - 1 - text::display_width(count) - text::display_width(time);
  const auto id = text::elide_middle(id_, std::max(left, 1), style_.unicode ? "…" : "...");
  stream_ << kEraseLine << count << id << time << std::flush;
  drawn_ = true;
}

void Progress::erase() {
  if (std::exchange(drawn_, false)) stream_ << kEraseLine;
}

void Progress::keep(std::string_view line) {
  if (style_.terminal && !may_draw_()) return;
  erase();
  stream_ << line << '\n' << std::flush;
}

Ticker::Ticker(std::chrono::milliseconds period, std::function<void()> tick)
    : thread_([this, period, tick = std::move(tick)](const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        while (!wake_.wait_for(lock, stop, period, [&] { return stop.stop_requested(); })) tick();
      }) {}

}  // namespace tpmprobe::cli
