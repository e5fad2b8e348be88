// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <csignal>
#include <fstream>
#include <string>
#include <thread>

#include "tpm/clock.h"
#include "tpm/posix/descriptor.h"
#include "tpm/posix/process.h"

/// How tests wait for other processes: for what happens, never for a span of time.
namespace tpmprobe::suites {

/// What takes this long hangs; nothing else does, on the busiest machine.
inline constexpr std::chrono::seconds kPatience(240);

/// When a wait that begins now hangs.
inline tpm::TimePoint patience_ends() {
  return tpm::SystemClock().now() + kPatience;
}

/// Looks again and again until `condition` holds; false if it hangs.
template <typename Condition>
[[nodiscard]] bool comes_true(Condition condition) {
  const auto end = patience_ends();
  while (!condition()) {
    if (tpm::SystemClock().now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

/// Waits for the end of a process of watch_process(); false if it hangs.
[[nodiscard]] inline bool ends(const tpm::UniqueFd& process) {
  return tpm::ready_before(process.get(), POLLIN, patience_ends(), tpm::SystemClock());
}

/// For helper programs, which may take their time.
inline tpm::ProcessOptions patiently() {
  tpm::ProcessOptions options;
  options.timeout = kPatience;
  return options;
}

/// The state of a process as in proc(5): 'R' runs, 'S' sleeps, 'T' is stopped; 0 if it is gone.
inline char state_of(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  std::getline(file, line);
  const auto name_end = line.rfind(')');
  return name_end == std::string::npos || name_end + 2 >= line.size() ? '\0' : line[name_end + 2];
}

/// Stops a process: after this it does nothing until SIGCONT. False if it hangs.
[[nodiscard]] inline bool stop(pid_t pid) {
  ::kill(pid, SIGSTOP);
  return comes_true([=] { return state_of(pid) == 'T'; });
}

}  // namespace tpmprobe::suites
