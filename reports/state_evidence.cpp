// SPDX-License-Identifier: BSD-2-Clause
#include "reports/state_evidence.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "knowledge/evidence.h"
#include "knowledge/rc.h"
#include "knowledge/rc_values.h"
#include "reports/units.h"

namespace tpmprobe::reports {
namespace {

namespace evidence = knowledge::evidence;

// TPM 2.0 Part 2, 6.6.3.
constexpr std::array<std::pair<std::uint32_t, std::string_view>, 6> kShortages{{
    {0x901, evidence::kContextGap},    // TPM_RC_CONTEXT_GAP
    {0x902, evidence::kObjectsFull},   // TPM_RC_OBJECT_MEMORY
    {0x903, evidence::kSessionsFull},  // TPM_RC_SESSION_MEMORY
    {0x904, evidence::kObjectsFull},   // TPM_RC_MEMORY
    {0x905, evidence::kSessionsFull},  // TPM_RC_SESSION_HANDLES
    {0x906, evidence::kObjectsFull},   // TPM_RC_OBJECT_HANDLES
}};

constexpr std::uint32_t kCodeMask = 0xffff;

bool has(const Result& result, std::string_view word) {
  return std::ranges::find(result.evidence, word) != result.evidence.end();
}

void add_to(Report& report, const ProbeId& id, std::string_view word) {
  for (const auto& wanted : {id, ProbeId{.family = Family::session, .step = "open"}}) {
    for (ReportedResult& reported : report.results) {
      if (reported.result.id == wanted) return add_evidence(reported.result, word);
    }
  }
}

void add_failure_mode(Report& report) {
  bool seen = false;
  for (ReportedResult& reported : report.results) {
    if (code_of_tpm(reported.result) != knowledge::rc::kFailure) continue;
    add_evidence(reported.result, evidence::kFailureMode);
    seen = true;
  }
  if (!seen) add_to(report, {Family::state, "self-test"}, evidence::kFailureMode);
}

void add_shortage(Result& result) {
  if (result.verdict == Verdict::pass) return;
  const std::uint32_t code = code_of_tpm(result);
  for (const auto& [rc, word] : kShortages) {
    if (code == rc) add_evidence(result, word);
  }
  if (result.id == ProbeId{Family::state, "object-slots"} && result.verdict == Verdict::fail) {
    add_evidence(result, evidence::kObjectsFull);
  }
}

std::string lockout_in_numbers(const Report& report) {
  const auto& lockout = *report.tpm.lockout;
  const std::uint64_t all = std::uint64_t{lockout.interval_s} * lockout.counter;
  const auto wait =
      lockout.interval_s == 0
          ? std::string("no try comes back by itself")
          : fmt::format("the next try comes back after {} at the most, all of them after {}",
                        seconds_in_words(lockout.interval_s),
                        seconds_in_words(
                            static_cast<std::uint32_t>(std::min<std::uint64_t>(all, UINT32_MAX))));
  return fmt::format("{} failed authorizations were counted, {} are allowed; {}", lockout.counter,
                     lockout.max_tries, wait);
}

std::string failure_in_numbers(const Report& report) {
  const auto& failure = *report.tpm.failure_mode;
  auto text = fmt::format("TPM2_GetTestResult says 0x{:x}", failure.test_result);
  if (!failure.out_data.empty()) {
    text += fmt::format(", manufacturer's data {:02x}", fmt::join(failure.out_data, ""));
  }
  return text;
}

}  // namespace

std::uint32_t code_of_tpm(const Result& result) {
  if (!result.rc) return 0;
  using enum knowledge::RcLayer;
  const auto layer = knowledge::decode_rc(*result.rc).layer;
  const bool of_tpm = layer == tpm || layer == resource_manager || layer == resource_manager_tpm;
  return of_tpm ? *result.rc & kCodeMask : 0;
}

void add_state_evidence(Report& report) {
  const Identity& tpm = report.tpm;
  if (tpm.lockout && tpm.lockout->in_lockout)
    add_to(report, {Family::state, "lockout"}, evidence::kLockout);
  for (const auto& hierarchy : tpm.hierarchies) {
    if (hierarchy.name != "owner") continue;
    if (hierarchy.auth_set.value_or(false)) {
      add_to(report, {Family::state, "hierarchies"}, evidence::kOwnerPassword);
    }
    if (!hierarchy.enabled.value_or(true)) {
      add_to(report, {Family::state, "hierarchies"}, evidence::kOwnerDisabled);
    }
  }
  if (tpm.failure_mode) add_failure_mode(report);
  for (ReportedResult& reported : report.results) add_shortage(reported.result);
}

std::optional<std::string> state_in_words(const Report& report, const Result& result) {
  if (has(result, evidence::kLockout) && report.tpm.lockout) return lockout_in_numbers(report);
  if (has(result, evidence::kFailureMode) && report.tpm.failure_mode) {
    return failure_in_numbers(report);
  }
  const auto& found = report.tpm.found_objects;
  const std::size_t others = found.foreign + found.of_another;
  if (has(result, evidence::kObjectsFull) && others > 0) {
    return fmt::format("{} objects of other programs are in it", others);
  }
  return std::nullopt;
}

}  // namespace tpmprobe::reports
