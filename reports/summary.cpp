// SPDX-License-Identifier: BSD-2-Clause
#include "reports/summary.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string_view>

#include <fmt/format.h>

#include "knowledge/rc_values.h"
#include "result/exit_code.h"

namespace tpmprobe::reports {
namespace {

constexpr std::uint32_t kMinute = 60, kHour = 60 * kMinute, kDay = 24 * kHour;

struct Unit {
  std::uint32_t seconds;
  std::string_view name;
};

constexpr auto kUnits =
    std::to_array<Unit>({{kDay, "day"}, {kHour, "h"}, {kMinute, "min"}, {1, "s"}});

std::string counted(std::uint32_t number, std::string_view unit) {
  return fmt::format("{} {}{}", number, unit, unit == "day" && number != 1 ? "s" : "");
}

std::string tries_in_words(const LockoutState& lockout) {
  if (lockout.max_tries == 0) return "no failed attempt is allowed";
  std::string words =
      fmt::format("{} of {} failed attempts recorded", lockout.counter, lockout.max_tries);
  if (lockout.interval_s == 0) return words + ", none is ever forgotten";
  return words + ", one is forgotten every " + seconds_in_words(lockout.interval_s);
}

}  // namespace

std::string milliseconds_in_words(double milliseconds) {
  if (milliseconds < 0.995) return fmt::format("{:.2f} ms", milliseconds);
  if (milliseconds < 9.95) return fmt::format("{:.1f} ms", milliseconds);
  if (milliseconds < 999.5) return fmt::format("{:.0f} ms", milliseconds);
  const double seconds = milliseconds / 1000;
  if (seconds < 59.95) return fmt::format("{:.1f} s", seconds);
  return seconds_in_words(static_cast<std::uint32_t>(std::lround(seconds)));
}

std::string seconds_in_words(std::uint32_t seconds) {
  for (std::size_t at = 0; at + 1 < kUnits.size(); ++at) {
    const Unit& unit = kUnits[at];
    if (seconds < unit.seconds) continue;
    const Unit& smaller = kUnits[at + 1];
    const auto rest = seconds % unit.seconds / smaller.seconds;
    const auto words = counted(seconds / unit.seconds, unit.name);
    return rest == 0 ? words : words + " " + counted(rest, smaller.name);
  }
  return counted(seconds, "s");
}

std::string lockout_in_words(const LockoutState& lockout) {
  std::string words = lockout.in_lockout ? "in lockout" : "not in lockout";
  words += ", " + tries_in_words(lockout);
  if (!lockout.lockout_auth_set) return words + "; no lockout password is set";
  if (lockout.recovery_s == 0) {
    return words + "; a wrong lockout password blocks it until the TPM is reset";
  }
  return words + "; a wrong lockout password blocks it for " + seconds_in_words(lockout.recovery_s);
}

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
