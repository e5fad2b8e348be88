// SPDX-License-Identifier: BSD-2-Clause
// What `explain --report` and `--probe` take from a report: each result with a code, explained by
// the finding on it, else by itself.
#include "reports/known_tpm.h"

#include <algorithm>

#include <fmt/format.h>

namespace tpmprobe::reports {
namespace {

const Finding* finding_on(const Result& result, const Report& report) {
  const auto found = std::ranges::find_if(report.findings, [&](const Finding& finding) {
    return result.quirk && finding.id == *result.quirk;
  });
  return found == report.findings.end() ? nullptr : &*found;
}

std::string first_of(const std::optional<std::string>& first,
                     const std::optional<std::string>& second) {
  return first ? *first : second.value_or("");
}

explain::KnownAnswer answer_of(const ReportedResult& reported, const Report& report) {
  const Result& result = reported.result;
  const auto* command = result.command ? knowledge::find_command(*result.command) : nullptr;
  explain::KnownAnswer answer{result.rc.value_or(0), command, to_string(result.id), {}, {}, false};
  if (const Finding* finding = finding_on(result, report)) {
    answer.is_finding = true;
    answer.summary = finding->diagnosis;
    answer.advice = finding->advice;
  } else {
    answer.summary = first_of(reported.explanation, result.cause);
    answer.advice = first_of(result.advice, reported.advice);
  }
  return answer;
}

}  // namespace

explain::KnownTpm known_tpm(const Report& report) {
  explain::KnownTpm tpm;
  tpm.name =
      fmt::format("{} {}", report.tpm.manufacturer.value_or(""), report.tpm.firmware.value_or(""));
  for (const ReportedResult& reported : report.results) {
    auto answer = answer_of(reported, report);
    if (answer.rc != 0 && !answer.summary.empty()) tpm.answers.push_back(std::move(answer));
  }
  return tpm;
}

}  // namespace tpmprobe::reports
