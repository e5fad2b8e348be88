// SPDX-License-Identifier: BSD-2-Clause
// What it costs to start tpmprobe, beside the decoder of tpm2-tools and the smallest program there
// is: each counter `..._ratio` is tpmprobe's value through the other's.
#include <filesystem>
#include <fstream>

#include <benchmark/benchmark.h>

#include "suites/bench/process_cost.h"

namespace tpmprobe::bench {
namespace {

using Words = std::vector<std::string>;

const Words kVersion{TPMPROBE_PROGRAM, "--version"};
const Words kExplain{TPMPROBE_PROGRAM, "explain", "0x1d5"};
const Words kDecode{"tpm2_rc_decode", "0x1d5"};
const Words kNothing{"/bin/true"};

/// Runs both in turn, so that whatever else the machine does hits both.
void beside(benchmark::State& state, const Words& ours, const Words& theirs) {
  std::vector<double> our_ms, their_ms;
  for ([[maybe_unused]] auto round : state) {
    const auto our_cost = run(ours);
    const auto their_cost = run(theirs);
    if (!our_cost || !their_cost) return state.SkipWithError("a program did not run");
    state.SetIterationTime(our_cost->wall_ms / 1000);
    our_ms.push_back(our_cost->wall_ms);
    their_ms.push_back(their_cost->wall_ms);
  }
  const auto our_peak = peak_memory(ours);
  const auto their_peak = peak_memory(theirs);
  if (!our_peak || !their_peak) return state.SkipWithError("a program could not be traced");
  constexpr double kMega = 1e6;
  state.counters["ms"] = median(our_ms);
  state.counters["other_ms"] = median(their_ms);
  state.counters["time_ratio"] = median(our_ms) / median(their_ms);
  state.counters["MB"] = static_cast<double>(*our_peak) / kMega;
  state.counters["other_MB"] = static_cast<double>(*their_peak) / kMega;
  state.counters["memory_ratio"] =
      static_cast<double>(*our_peak) / static_cast<double>(*their_peak);
}

/// A journal of 64 MB, every hundredth line of which is about a TPM; removed at the end.
class Journal {
 public:
  Journal() {
    std::ofstream file(path_);
    for (int i = 0; i < kLines; ++i) {
      file << "Nov 24 10:00:" << i % 60 << " host sshd[" << i % 32768
           << (i % 100 == 0
                   ? "]: ERROR: Esys_Load(0x902) - tpm:warn(2.0): out of memory for object "
                     "contexts\n"
                   : "]: Accepted publickey for user from 10.0.0.7 port 40022 ssh2: RSA\n");
    }
  }
  ~Journal() { std::filesystem::remove(path_); }
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  static constexpr int kLines = 700000;
  std::string path_ = std::filesystem::temp_directory_path() / "tpmprobe-bench-journal";
};

/// grep stops at the first hit if it writes to /dev/null; through cat it has to read on.
void journal_beside_grep(benchmark::State& state) {
  const Journal journal;
  const std::string from = " < " + journal.path();
  beside(state, {"sh", "-c", TPMPROBE_PROGRAM " explain -" + from},
         {"sh", "-c", "LC_ALL=C grep -cE 'tss2|esys|tpm|0x[0-9a-fA-F]{3,8}'" + from + " | cat"});
}

BENCHMARK(journal_beside_grep)->UseManualTime();
BENCHMARK_CAPTURE(beside, version_beside_true, kVersion, kNothing)->UseManualTime();
BENCHMARK_CAPTURE(beside, version_beside_tpm2_rc_decode, kVersion, kDecode)->UseManualTime();
BENCHMARK_CAPTURE(beside, explain_beside_tpm2_rc_decode, kExplain, kDecode)->UseManualTime();

}  // namespace
}  // namespace tpmprobe::bench
