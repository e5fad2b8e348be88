// SPDX-License-Identifier: BSD-2-Clause
#include "cli/ssh/own_session.h"

#include "cli/terminal/console.h"
#include "reports/assemble.h"
#include "reports/summary.h"
#include "tpm/stack.h"

namespace tpmprobe::cli {
namespace {

/// No probe of the catalogue runs here.
class Silent final : public probes::Observer {
 public:
  void opened(const Identity&) override {}
  void starting(int, int, const probes::Probe&, bool) override {}
  void finished(const Result&) override {}
};

}  // namespace

Result not_opened(const Error& error) {
  Result result;
  result.id = {.family = Family::session, .step = "open"};
  result.title = "The TPM answers";
  result.actual = error.message;
  return result;
}

OwnSession::OwnSession(tpm::TransportPtr transport, tpm::Clock& clock,
                       const tpm::GuardPolicy& policy, const std::atomic<bool>& interrupted,
                       const std::string& name)
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
  opened_ =
      probes::run({*session_, *guard, recorder_, clock, name, {}, {}, false, &interrupted}, silent);
}

void OwnSession::complete(reports::Report& report, std::vector<Result> results,
                          const Beginning& beginning) && {
  report.tpm = std::move(opened_.identity);
  report.capabilities = std::move(opened_.capabilities);
  if (!report.capabilities) results = std::move(opened_.results);
  for (auto& result : results) report.results.push_back({std::move(result), {}, {}});
  reports::complete_walk(report);
  report.invocation.exit_code =
      opened_.unreachable ? kExitNoTpm : reports::exit_code(report, interrupted_);
  finish_report(report, beginning);
}

}  // namespace tpmprobe::cli
