// SPDX-License-Identifier: BSD-2-Clause
#include "reports/assemble.h"

#include <fmt/format.h>

#include "explain/explanation.h"
#include "reports/advisories.h"
#include "reports/findings.h"
#include "reports/recognise.h"
#include "reports/uses.h"

namespace tpmprobe::reports {
namespace {

// The code is explained wherever one stands; the cause that the probe knows comes before all
// others.
void explain_result(ReportedResult& reported) {
  const Result& result = reported.result;
  if (!result.rc || result.verdict == Verdict::pass) return;
  const auto* command = result.command ? knowledge::find_command(*result.command) : nullptr;
  const explain::Explanation explanation = explain::explain(*result.rc, command);
  auto text = explain::one_line(explanation);
  const auto* general = explain::first_cause(explanation);
  if (result.cause) {
    text += fmt::format(" Cause: {}.", *result.cause);
  } else if (general != nullptr) {
    text += fmt::format(" Probable cause: {}", general->summary);
  }
  reported.explanation = std::move(text);
  const auto fix = explain::first_fix(explanation);
  if (!result.cause && !fix.empty()) reported.advice = fix;
}

void advise(const Report& report, ReportedResult& reported) {
  const Result& result = reported.result;
  if (result.advice) {
    reported.advice = result.advice;
  } else if (result.cause && !report.recommended.empty()) {
    reported.advice = fmt::format("Use {} on this TPM.", report.recommended.front().use);
  }
}

}  // namespace

void complete(Report& report, std::span<const knowledge::Quirk> known) {
  for (ReportedResult& reported : report.results) explain_result(reported);
  recognise(report, known);
  derive_uses(report);
  for (ReportedResult& reported : report.results) advise(report, reported);
  derive_findings(report);
  add_advisories(report);
}

void complete_walk(Report& report) {
  for (ReportedResult& reported : report.results) explain_result(reported);
  derive_walk_uses(report);
  for (ReportedResult& reported : report.results) advise(report, reported);
  derive_walk_findings(report);
}

}  // namespace tpmprobe::reports
