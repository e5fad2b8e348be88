// SPDX-License-Identifier: BSD-2-Clause
// How a report comes about, read from the bottom: explained -> recognised -> decided -> concluded.
// Each arrow is a function in a source of that name (uses.cpp decides, findings.cpp concludes)
// which takes the step before it; a walk has its own, shorter row of them.
#include "reports/assemble.h"

#include <fmt/format.h>

#include "explain/explanation.h"
#include "reports/findings.h"

namespace tpmprobe::reports {
namespace {

// The code is explained wherever one stands; the cause that the probe knows comes before all
// others.
ReportedResult explained(Result result) {
  ReportedResult reported{std::move(result), {}, {}};
  const Result& it = reported.result;
  if (!it.rc || it.verdict == Verdict::pass) return reported;
  const auto* command = it.command ? knowledge::find_command(*it.command) : nullptr;
  const explain::Explanation explanation = explain::explain(*it.rc, command);
  auto text = explain::one_line(explanation);
  const auto* general = explain::first_cause(explanation);
  if (it.cause) {
    text += fmt::format(" Cause: {}.", *it.cause);
  } else if (general != nullptr) {
    text += fmt::format(" Probable cause: {}", general->summary);
  }
  reported.explanation = std::move(text);
  const auto fix = explain::first_fix(explanation);
  if (!it.cause && !fix.empty()) reported.advice = fix;
  return reported;
}

Report made(RunFacts facts, Concluded concluded) {
  return {std::move(facts), std::move(concluded.decisions), std::move(concluded.results),
          std::move(concluded.findings)};
}

}  // namespace

Explained explain_results(std::vector<Result> results) {
  Explained step;
  for (Result& result : results) step.results.push_back(explained(std::move(result)));
  return step;
}

Report report_of(RunFacts facts, std::vector<Result> results,
                 std::span<const knowledge::Quirk> known) {
  auto recognised = recognise(explain_results(std::move(results)), facts, known);
  auto concluded = conclude(decide_uses(std::move(recognised)), facts);
  return made(std::move(facts), std::move(concluded));
}

Report report_of_walk(RunFacts facts, std::vector<Result> results) {
  auto concluded = conclude_walk(decide_walk_uses(explain_results(std::move(results))));
  return made(std::move(facts), std::move(concluded));
}

}  // namespace tpmprobe::reports
