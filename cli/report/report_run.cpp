// SPDX-License-Identifier: BSD-2-Clause
// A run of the probes: probe_tpm() runs them under a progress line that Watcher feeds,
// make_report() makes the report of what came out. run_probes(), at the end, does the one and then
// the other.
#include <chrono>
#include <optional>

#include <fmt/format.h>
#include <unistd.h>

#include "cli/report/report.h"
#include "cli/run.h"
#include "cli/terminal/progress.h"
#include "knowledge/vendors.h"
#include "reports/assemble.h"
#include "reports/summary.h"
#include "tpm/leftovers.h"

namespace tpmprobe::cli {
namespace {

/// Shows a run on the progress line, and says beforehand what will take long.
class Watcher final : public probes::Observer {
 public:
  /// `progress` outlives this.
  explicit Watcher(Progress& progress) : progress_(progress) {}

  void opened(const Identity& identity) override {
    manufacturer_ = identity.manufacturer;
    hardware_ = identity.kind != TpmKind::emulator;
  }

  void starting(int number, int total, const probes::Probe& probe, bool slow) override {
    const auto* time = knowledge::find_key_time(manufacturer_.value_or(""), probe.rsa_bits);
    if (slow && hardware_ && time != nullptr) {
      progress_.forecast(fmt::format(
          "generating an RSA-{0} key: about {2} s on {1}, {3} s at worst; Ctrl-C stops and reports "
          "what is known so far",
          probe.rsa_bits, time->manufacturer.empty() ? "a slow TPM" : "this make of TPM",
          time->usual_s, time->worst_s));
    }
    progress_.started(number, total, to_string(probe.id));
  }

  void finished(const Result& result) override {
    progress_.finished(result.verdict, result.duration_ms);
  }

 private:
  Progress& progress_;
  std::optional<std::string> manufacturer_;
  bool hardware_ = true;
};

// A TPM that could not be asked at all is no TPM; one that keeps silent leaves the run incomplete.
int exit_code(const reports::Report& report, const probes::RunOutput& output) {
  const int code = reports::exit_code(report, output.interrupted);
  return output.unreachable && code != kExitIncomplete ? kExitNoTpm : code;
}

reports::Report make_report(probes::RunOutput output, const Target& target,
                            const ReportOptions& options, const std::vector<std::string>& arguments,
                            const Beginning& beginning) {
  auto facts = run_facts("report", arguments, beginning);
  facts.tpm = std::move(output.identity);
  if (target.emulated) facts.emulation = target.emulation;
  facts.capabilities = std::move(output.capabilities);
  auto report =
      reports::report_of(std::move(facts), std::move(output.results), options.known_quirks);
  const int code = exit_code(report, output);
  return finished(std::move(report), code, beginning);
}

ProgressStyle progress_style(const ReportOptions& options, const Console& console) {
  return {console.err_is_terminal && !options.quiet, options.verbose, console.err_style.unicode,
          console.err_style.width};
}

// Everything that belongs to one TPM ends here: when the value is returned, nothing of ours is left
// in it.
probes::RunOutput probe_tpm(Target& target, const ReportOptions& options,
                            const std::atomic<bool>& interrupted, Console& console) {
  Progress progress(console.err, progress_style(options, console), *target.clock,
                    [] { return in_terminal_foreground(STDERR_FILENO); });
  std::optional<Ticker> ticker;
  if (console.err_is_terminal) {
    constexpr std::chrono::milliseconds kPeriod(200);
    ticker.emplace(kPeriod, [&progress] { progress.tick(); });
  }
  Watcher watcher(progress);
  const auto lock = tpm::TpmLock::acquire(target.lock_key);
  const ProbePlan plan{options.probes,
                       options.quick,
                       {target.emulated || lock.has_value(), options.flush_leftovers},
                       &watcher};
  OwnSession session(std::move(target.transport), *target.clock,
                     probes::policy_for(options.probes, options.flush_leftovers), interrupted,
                     target.name, plan);
  return std::move(session).output();
}

}  // namespace

reports::Report run_probes(Target& target, const ReportOptions& options,
                           const std::vector<std::string>& arguments,
                           const std::atomic<bool>& interrupted, Console& console) {
  const Beginning beginning;
  auto output = probe_tpm(target, options, interrupted, console);
  return make_report(std::move(output), target, options, arguments, beginning);
}

}  // namespace tpmprobe::cli
