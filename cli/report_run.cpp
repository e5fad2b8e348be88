// SPDX-License-Identifier: BSD-2-Clause
#include "cli/report_run.h"

#include <array>
#include <chrono>
#include <optional>

#include <fmt/chrono.h>
#include <pwd.h>
#include <unistd.h>

#include "cli/ticker.h"
#include "cli/version.h"
#include "cli/watcher.h"
#include "probes/host/host_facts.h"
#include "reports/assemble.h"
#include "reports/privacy.h"
#include "reports/summary.h"
#include "tpm/lock.h"
#include "tpm/stack.h"

namespace tpmprobe::cli {
namespace {

using SystemTime = std::chrono::system_clock::time_point;

/// When and how a run began.
struct Beginning {
  SystemTime wall = std::chrono::system_clock::now();
  std::chrono::steady_clock::time_point steady = std::chrono::steady_clock::now();
};

reports::Secrets secrets() {
  reports::Secrets secrets;
  if (const auto home = process_environment("HOME")) secrets.home = *home;
  if (const passwd* user = getpwuid(getuid())) {
    secrets.user = user->pw_name;
    if (secrets.home.empty()) secrets.home = user->pw_dir;
  }
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) == 0) secrets.host = name.data();
  return secrets;
}

reports::Host host() {
  auto facts = probes::read_host_facts();
  return {std::move(facts.kernel), std::move(facts.distribution), std::move(facts.architecture),
          std::move(facts.packages)};
}

// A TPM that could not be asked at all is no TPM; one that keeps silent leaves the run incomplete.
int exit_code(const reports::Report& report, const probes::RunOutput& output) {
  const int code = reports::exit_code(report, output.interrupted);
  return output.unreachable && code != kExitIncomplete ? kExitNoTpm : code;
}

reports::Report make_report(probes::RunOutput output, const Target& target,
                            const ReportOptions& options, const std::vector<std::string>& arguments,
                            const Beginning& beginning) {
  reports::Report report;
  report.tool_version = kVersion;
  report.invocation.argv = {"tpmprobe", "report"};
  report.invocation.argv.insert(report.invocation.argv.end(), arguments.begin(), arguments.end());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(beginning.wall);
  report.invocation.started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(seconds));
  report.host = host();
  report.tpm = std::move(output.identity);
  if (target.emulated) report.emulation = target.emulation;
  report.capabilities = std::move(output.capabilities);
  for (auto& result : output.results) report.results.push_back({std::move(result), {}, {}});
  reports::complete(report, options.known_quirks);
  report.invocation.exit_code = exit_code(report, output);
  redact(report, secrets());
  report.invocation.duration_ms =
      tpm::milliseconds(std::chrono::steady_clock::now() - beginning.steady);
  return report;
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
    probes::Result opened;
    opened.id = "session.open";
    opened.title = "The TPM answers";
    opened.actual = session.error().message;
    nothing.results.push_back(std::move(opened));
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
