// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "knowledge/command_codes.h"
#include "knowledge/command_table.h"
#include "knowledge/evidence.h"
#include "probes/families/families.h"
#include "probes/workbench.h"

namespace tpmprobe::probes {
namespace {

using std::chrono::seconds;

// Nothing but cryptography took so long on 39 measured firmware versions, and the shortest of
// several calls counts: a busy machine is not a slow TPM.
constexpr tpm::Duration kTooLong = seconds(1);
constexpr std::size_t kEnough = 3;

struct Fastest {
  tpm::Duration time = tpm::Duration::max();
  std::size_t calls = 0;
};

bool is_quick(std::uint32_t command) {
  const auto* info = knowledge::find_command(command);
  if (command == knowledge::cc::kGetRandom || command == knowledge::cc::kHash) return true;
  return info != nullptr && info->duration == knowledge::DurationClass::quick;
}

std::map<std::uint32_t, Fastest> fastest_by_command(const tpm::Recorder& recorder) {
  std::map<std::uint32_t, Fastest> fastest;
  for (const tpm::Attempt& attempt : recorder.attempts()) {
    if (attempt.error || !is_quick(attempt.command)) continue;
    Fastest& of_command = fastest[attempt.command];
    of_command.time = std::min(of_command.time, attempt.duration);
    ++of_command.calls;
  }
  std::erase_if(fastest, [](const auto& entry) { return entry.second.calls < kEnough; });
  return fastest;
}

void run_latency(Workbench& bench, Result& result) {
  result.expected = "commands that compute almost nothing take less than a second";
  const auto fastest = fastest_by_command(bench.recorder);
  const auto slowest =
      std::ranges::max_element(fastest, {}, [](const auto& entry) { return entry.second.time; });
  result.verdict = Verdict::pass;
  if (slowest == fastest.end()) {
    result.actual = "too few commands were sent to judge";
    return;
  }
  const auto& [command, of_command] = *slowest;
  result.actual = fmt::format("the slowest of them, TPM2_{}, took {:.1f} ms, the best of {} times",
                              knowledge::find_command(command)->name,
                              tpm::milliseconds(of_command.time), of_command.calls);
  if (of_command.time < kTooLong) return;
  result.verdict = Verdict::fail;
  add_evidence(result, knowledge::evidence::kSlow);
}

}  // namespace

Probe latency_probe() {
  return simple_probe({Family::time, "quick-commands"}, "Time of quick commands",
                      "PC Client Platform TPM Profile, command duration", {}, run_latency);
}

}  // namespace tpmprobe::probes
