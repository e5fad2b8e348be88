// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <iosfwd>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

#include "result/result.h"
#include "tpm/clock.h"

namespace tpmprobe::cli {

/// How progress is shown; from the Console and `-v`.
struct ProgressStyle {
  bool terminal = false;  ///< stderr is one: draw a line and overwrite it
  bool verbose = false;   ///< one line that stays for each finished probe
  bool unicode = false;
  int width = 100;
};

/// Tells a person how far a run has come: on a terminal one line, "12/48 rsa2048.sign 3.1 s", which
/// is overwritten and is gone at the end; elsewhere nothing, unless verbose. May be called from
/// several threads.
class Progress {
 public:
  /// `may_draw` says whether the process is in the terminal's foreground; a background job that
  /// drew would garble the shell's line. `clock` and `stream` must outlive this.
  Progress(std::ostream& stream, ProgressStyle style, const tpm::Clock& clock,
           std::function<bool()> may_draw);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

  /// A line that stays, before something slow: "this TPM takes about 10 s for an RSA-2048 key". Not
  /// shown where nobody waits: neither terminal nor verbose.
  void forecast(std::string_view text);

  /// Probe `number` of `total`, from 1, begins.
  void started(int number, int total, std::string_view id);

  /// Draws the line again with the time that has passed since.
  void tick();

  /// The probe that began last has ended.
  void finished(Verdict verdict, double duration_ms);

  /// Removes the line. Anything else that goes to stderr must come after this.
  void clear();

 private:
  void draw();
  void erase();
  void keep(std::string_view line);

  std::ostream& stream_;
  ProgressStyle style_;
  const tpm::Clock& clock_;
  std::function<bool()> may_draw_;
  std::mutex mutex_;
  int number_ = 0, total_ = 0;
  std::string id_;  ///< empty: no probe is running
  tpm::TimePoint begin_;
  bool drawn_ = false;
};

/// Calls a function again and again from a thread of its own until it is destroyed: a TPM that
/// works on one command for a minute says nothing in the meantime, but the clock on the progress
/// line must go on.
class Ticker {
 public:
  Ticker(std::chrono::milliseconds period, std::function<void()> tick);

 private:
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;  // last: it uses the others until it has joined
};

}  // namespace tpmprobe::cli
