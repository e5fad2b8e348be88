// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace tpmprobe::cli {

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
