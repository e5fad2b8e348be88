// SPDX-License-Identifier: BSD-2-Clause
// Whole reports: the 21 combinations of key, scheme and hash beside the shell script that people
// use (tools_script.sh), both on one swtpm in turn; and every probe on the embedded TPM.
#include <sstream>

#include <benchmark/benchmark.h>
#include <nlohmann/json.hpp>

#include "cli/program.h"
#include "emulator/swtpm_process.h"
#include "suites/bench/process_cost.h"

namespace tpmprobe::bench {
namespace {

using Json = nlohmann::json;

/// `key.rsa...` beside the combinations, for they tell how long RSA key generation took.
std::vector<std::string> tpmprobe_words() {
  std::vector<std::string> words{TPMPROBE_PROGRAM, "report", "--quiet", "--format", "json"};
  const auto only = [&words](const std::string& id) { words.insert(words.end(), {"--only", id}); };
  for (const std::string hash : {"sha256", "sha384", "sha512"}) {
    for (const std::string curve : {"p256", "p384", "p521"}) {
      only("sign.ecdsa-" + curve + "-" + hash);
    }
    for (const std::string rsa : {"rsa2048", "rsa3072"}) {
      only("sign.rsassa-" + rsa + "-" + hash);
      only("sign.rsapss-" + rsa + "-" + hash);
    }
  }
  only("key.rsa2048");
  only("key.rsa3072");
  return words;
}

/// What the results of one report add up to.
struct Sums {
  double tpm_ms = 0;
  double rsa_keygen_ms = 0;
  double commands = 0;
  int signatures_passed = 0;
};

/// "created in 128.4 ms and loaded"
double created_in_ms(const std::string& actual) {
  constexpr std::string_view kBefore = "created in ";
  return actual.starts_with(kBefore) ? std::stod(actual.substr(kBefore.size())) : 0;
}

Sums sums_of(const std::string& report) {
  Sums sums;
  const auto parsed = Json::parse(report);
  for (const auto& result : parsed.at("results")) {
    const std::string id = result.at("id");
    sums.tpm_ms += result.at("tpm_ms").get<double>();
    sums.commands += result.at("tpm_commands").get<double>();
    if (id.starts_with("key.rsa")) {
      sums.rsa_keygen_ms += created_in_ms(result.at("actual"));
    } else if (id.starts_with("sign.") && result.at("verdict") == "pass") {
      ++sums.signatures_passed;
    }
  }
  return sums;
}

/// The rounds of the comparison, one value for each.
struct Rounds {
  std::vector<double> script_ms, script_outside, ours_ms, ours_outside, ratio;
  std::vector<double> own_ms, share, share_outside;
  double commands = 0;

  void add(const ProcessCost& script, const ProcessCost& ours, const Sums& sums) {
    const double script_rest = script.wall_ms - std::stod(script.output);
    const double our_rest = ours.wall_ms - sums.rsa_keygen_ms;
    const double own = ours.wall_ms - sums.tpm_ms;
    script_ms.push_back(script.wall_ms);
    script_outside.push_back(script_rest);
    ours_ms.push_back(ours.wall_ms);
    ours_outside.push_back(our_rest);
    ratio.push_back(our_rest / script_rest);
    own_ms.push_back(own);
    share.push_back(own / ours.wall_ms);
    share_outside.push_back(own / our_rest);
    commands = sums.commands;
  }

  void tell(benchmark::State& state) const {
    state.counters["script_ms"] = median(script_ms);
    state.counters["script_outside_keygen_ms"] = median(script_outside);
    state.counters["tpmprobe_ms"] = median(ours_ms);
    state.counters["tpmprobe_outside_keygen_ms"] = median(ours_outside);
    state.counters["ratio_outside_keygen"] = median(ratio);
    state.counters["own_ms"] = median(own_ms);
    state.counters["own_share"] = median(share);
    state.counters["own_share_outside_keygen"] = median(share_outside);
    state.counters["tpm_commands"] = commands;
  }
};

void combinations_beside_script(benchmark::State& state) {
  constexpr int kCombinations = 21;
  const auto swtpm = emulator::SwtpmProcess::start();
  if (!swtpm) return state.SkipWithError(swtpm.error().message.c_str());
  const auto words = tpmprobe_words();
  Rounds rounds;
  for ([[maybe_unused]] auto round : state) {
    const auto script =
        run({TPMPROBE_SOURCE_DIR "/suites/bench/tools_script.sh"}, (*swtpm)->tcti());
    const auto ours = run(words, (*swtpm)->tcti());
    if (!script || !ours) return state.SkipWithError("the script or tpmprobe failed");
    const Sums sums = sums_of(ours->output);
    if (sums.signatures_passed != kCombinations) return state.SkipWithError("not all passed");
    state.SetIterationTime(ours->wall_ms / 1000);
    rounds.add(*script, *ours, sums);
  }
  rounds.tell(state);
}
BENCHMARK(combinations_beside_script)->UseManualTime()->Unit(benchmark::kMillisecond);

/// Every probe, or all but those that this glob names, on the embedded TPM in this process.
void report_emulated(benchmark::State& state, const std::string& skip) {
  std::vector<std::string> words{"report", "--emulated", "--quiet", "--format", "json"};
  if (!skip.empty()) words.insert(words.end(), {"--skip", skip});
  std::vector<double> wall_ms, outside_ms, share;
  Sums sums;
  for ([[maybe_unused]] auto round : state) {
    std::istringstream in;
    std::ostringstream out, err;
    cli::Console console{in, out, err, false, false, {}, {}};
    const auto begin = std::chrono::steady_clock::now();
    cli::run_words(words, console);
    const std::chrono::duration<double, std::milli> wall = std::chrono::steady_clock::now() - begin;
    sums = sums_of(out.str());
    state.SetIterationTime(wall.count() / 1000);
    wall_ms.push_back(wall.count());
    outside_ms.push_back(wall.count() - sums.tpm_ms);
    share.push_back(outside_ms.back() / wall.count());
  }
  state.counters["median_ms"] = median(wall_ms);
  state.counters["outside_tpm_ms"] = median(outside_ms);
  state.counters["share_outside_tpm"] = median(share);
  state.counters["tpm_commands"] = sums.commands;
}
BENCHMARK_CAPTURE(report_emulated, every_probe, "")->UseManualTime()->Unit(benchmark::kMillisecond);
/// So that only tpmprobe's own work is outside the TPM, and no process of OpenSSH.
BENCHMARK_CAPTURE(report_emulated, without_ssh, "ssh.*")
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tpmprobe::bench
