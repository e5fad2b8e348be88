// SPDX-License-Identifier: BSD-2-Clause
// What every run on a TPM has in common: the head and the end of its report (run_facts,
// finished), and between them OwnSession, a conversation under the layers of tpmprobe.
#include "cli/run.h"

#include <array>

#include <fmt/chrono.h>
#include <pwd.h>
#include <unistd.h>

#include "cli/program.h"
#include "cli/terminal/terminal.h"
#include "host/host_facts.h"
#include "reports/assemble.h"
#include "reports/summary.h"
#include "tpm/clock.h"
#include "tpm/stack.h"

namespace tpmprobe::cli {
namespace {

reports::Host host() {
  auto facts = host::read_host_facts();
  return {std::move(facts.kernel), std::move(facts.distribution), std::move(facts.architecture),
          std::move(facts.packages)};
}

/// Where nobody watches.
class Silent final : public probes::Observer {
 public:
  void opened(const Identity&) override {}
  void starting(int, int, const probes::Probe&, bool) override {}
  void finished(const Result&) override {}
};

}  // namespace

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

reports::RunFacts run_facts(const std::string& command, const std::vector<std::string>& arguments,
                            const Beginning& beginning) {
  reports::RunFacts facts;
  facts.tool_version = kVersion;
  facts.invocation.argv = {"tpmprobe", command};
  facts.invocation.argv.insert(facts.invocation.argv.end(), arguments.begin(), arguments.end());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(beginning.wall);
  facts.invocation.started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(seconds));
  facts.host = host();
  return facts;
}

reports::Report finished(reports::Report report, int exit_code, const Beginning& beginning) {
  report = redacted(std::move(report), secrets());
  report.invocation.exit_code = exit_code;
  report.invocation.duration_ms =
      tpm::milliseconds(std::chrono::steady_clock::now() - beginning.steady);
  return report;
}

Result not_opened(const Error& error) {
  Result result;
  result.id = {.family = Family::session, .step = "open"};
  result.title = "The TPM answers";
  result.actual = error.message;
  return result;
}

OwnSession::OwnSession(tpm::TransportPtr transport, tpm::Clock& clock,
                       const tpm::GuardPolicy& policy, const std::atomic<bool>& interrupted,
                       const std::string& name, const ProbePlan& plan)
    : interrupted_(interrupted) {
  auto stack = tpm::make_stack(std::move(transport), recorder_, clock, policy, &interrupted);
  auto* guard = stack.guard;
  auto session = tpm::Session::open(std::move(stack.top));
  if (!session) {
    opened_.unreachable = session.error();
    opened_.results = {not_opened(session.error())};
    return;
  }
  session_.emplace(std::move(*session));
  Silent silent;
  opened_ = probes::run({*session_, *guard, recorder_, clock, name, plan.leftovers, plan.probes,
                         plan.quick, &interrupted},
                        plan.observer != nullptr ? *plan.observer : silent);
}

reports::Report OwnSession::report(reports::RunFacts facts, std::vector<Result> results,
                                   const Beginning& beginning) && {
  facts.tpm = std::move(opened_.identity);
  facts.capabilities = std::move(opened_.capabilities);
  if (!facts.capabilities) results = std::move(opened_.results);
  auto report = reports::report_of_walk(std::move(facts), std::move(results));
  const int code = opened_.unreachable ? kExitNoTpm : reports::exit_code(report, interrupted_);
  return cli::finished(std::move(report), code, beginning);
}

}  // namespace tpmprobe::cli
