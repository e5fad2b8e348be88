// SPDX-License-Identifier: BSD-2-Clause
#include "cli/terminal/ticker.h"

#include <utility>

namespace tpmprobe::cli {

Ticker::Ticker(std::chrono::milliseconds period, std::function<void()> tick)
    : thread_([this, period, tick = std::move(tick)](const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        while (!wake_.wait_for(lock, stop, period, [&] { return stop.stop_requested(); })) tick();
      }) {}

}  // namespace tpmprobe::cli
