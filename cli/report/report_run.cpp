// SPDX-License-Identifier: BSD-2-Clause
#include "cli/report/report_run.h"

#include <chrono>
#include <optional>

#include <unistd.h>

#include "cli/report/watcher.h"
#include "cli/run_facts.h"
#include "cli/ssh/own_session.h"
#include "cli/terminal/ticker.h"
#include "reports/assemble.h"
#include "reports/summary.h"
#include "tpm/lock.h"
#include "tpm/stack.h"

namespace tpmprobe::cli {
namespace {

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
  tpm::Recorder recorder;
  const auto lock = tpm::TpmLock::acquire(target.lock_key);
  auto stack =
      tpm::make_stack(std::move(target.transport), recorder, *target.clock,
                      probes::policy_for(options.probes, options.flush_leftovers), &interrupted);
  auto session = tpm::Session::open(std::move(stack.top));
  if (!session) {
    probes::RunOutput nothing;
    nothing.unreachable = session.error();
    nothing.results.push_back(not_opened(session.error()));
    return nothing;
  }
  return probes::run({*session,
                      *stack.guard,
                      recorder,
                      *target.clock,
                      target.name,
                      {target.emulated || lock.has_value(), options.flush_leftovers},
                      options.probes,
                      options.quick,
                      &interrupted},
                     watcher);
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
