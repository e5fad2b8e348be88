// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>

#include "cli/terminal/progress.h"
#include "cli/terminal/ticker.h"
#include "probes/runner.h"

namespace tpmprobe::cli {

/// Shows a run on the progress line, and says beforehand what will take long.
class Watcher final : public probes::Observer {
 public:
  /// `progress` outlives this.
  explicit Watcher(Progress& progress) : progress_(progress) {}

  void opened(const Identity& identity) override;
  void starting(int number, int total, const probes::Probe& probe, bool slow) override;
  void finished(const Result& result) override;

 private:
  Progress& progress_;
  std::optional<std::string> manufacturer_;
  bool hardware_ = true;
};

}  // namespace tpmprobe::cli
