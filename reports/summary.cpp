// SPDX-License-Identifier: BSD-2-Clause
#include "reports/summary.h"

#include <algorithm>
#include <cstdint>

#include "knowledge/rc_values.h"
#include "result/exit_code.h"

namespace tpmprobe::reports {
namespace {

// A response code without its layer, which is 0 or, through a resource manager, 11.
constexpr std::uint32_t kTpmCodeMask = 0xFFFF;

}  // namespace

std::size_t count(const Report& report, Verdict verdict) {
  const auto has_it = [=](const auto& reported) { return reported.result.verdict == verdict; };
  return static_cast<std::size_t>(std::ranges::count_if(report.results, has_it));
}

std::size_t count_serious(const Report& report) {
  const auto is_serious = [](const auto& finding) { return finding.severity != Severity::info; };
  return static_cast<std::size_t>(std::ranges::count_if(report.findings, is_serious));
}

bool is_blocked_by_lockout(const Result& result) {
  return result.verdict == Verdict::blocked &&
         (result.rc.value_or(0) & kTpmCodeMask) == knowledge::rc::kLockout;
}

bool is_incomplete(const Report& report) {
  return std::ranges::any_of(report.results, [](const auto& reported) {
    return reported.result.verdict == Verdict::timeout || is_blocked_by_lockout(reported.result);
  });
}

int exit_code(const Report& report, bool interrupted) {
  if (interrupted || is_incomplete(report)) return kExitIncomplete;
  return count_serious(report) > 0 ? kExitFindings : kExitOk;
}

}  // namespace tpmprobe::reports
