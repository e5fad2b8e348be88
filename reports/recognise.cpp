// SPDX-License-Identifier: BSD-2-Clause
#include "reports/recognise.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "knowledge/evidence.h"
#include "knowledge/rc.h"
#include "knowledge/rc_values.h"
#include "knowledge/text.h"
#include "reports/model.h"
#include "reports/summary.h"
#include "text/clean_text.h"

namespace tpmprobe::reports {
namespace {

namespace evidence = knowledge::evidence;
using Results = std::vector<ReportedResult>;

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

void add_to(Results& results, const ProbeId& id, std::string_view word) {
  for (const auto& wanted : {id, ProbeId{.family = Family::session, .step = "open"}}) {
    for (ReportedResult& reported : results) {
      if (reported.result.id == wanted) return add_evidence(reported.result, word);
    }
  }
}

/// What the state of the TPM, or a code that is about its room, says to the results: defects and
/// limits are recognised by it like by what the probes saw.
/// The TPM's own code behind a result, without the layer of a resource manager; 0 if there is none
/// or a layer of the TSS gave it.
std::uint32_t code_of_tpm(const Result& result) {
  if (!result.rc) return 0;
  using enum knowledge::RcLayer;
  const auto layer = knowledge::decode_rc(*result.rc).layer;
  const bool of_tpm = layer == tpm || layer == resource_manager || layer == resource_manager_tpm;
  return of_tpm ? *result.rc & kCodeMask : 0;
}

void add_failure_mode(Results& results) {
  bool seen = false;
  for (ReportedResult& reported : results) {
    if (code_of_tpm(reported.result) != knowledge::rc::kFailure) continue;
    add_evidence(reported.result, evidence::kFailureMode);
    seen = true;
  }
  if (!seen) add_to(results, {Family::state, "self-test"}, evidence::kFailureMode);
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

std::string lockout_in_numbers(const LockoutState& lockout) {
  const std::uint64_t all = std::uint64_t{lockout.interval_s} * lockout.counter;
  const auto wait =
      lockout.interval_s == 0
          ? std::string("failed attempts are not forgotten by themselves")
          : fmt::format("one is forgotten within {}, all within {} (while powered on)",
                        seconds_in_words(lockout.interval_s),
                        seconds_in_words(
                            static_cast<std::uint32_t>(std::min<std::uint64_t>(all, UINT32_MAX))));
  return fmt::format("{} of {} failed attempts recorded; {}", lockout.counter, lockout.max_tries,
                     wait);
}

std::string failure_in_numbers(const FailureMode& failure) {
  auto text = fmt::format("TPM2_GetTestResult says 0x{:x}", failure.test_result);
  if (!failure.out_data.empty()) {
    text += fmt::format(", manufacturer's data {:02x}", fmt::join(failure.out_data, ""));
  }
  return text;
}

/// The results with words of knowledge/evidence.h added: lockout, hierarchies and failure mode to
/// the one that looks at them (else to `session.open`), shortages to those that met them.
Results with_state_evidence(Results results, const Identity& tpm) {
  if (tpm.lockout && tpm.lockout->in_lockout)
    add_to(results, {Family::state, "lockout"}, evidence::kLockout);
  for (const auto& hierarchy : tpm.hierarchies) {
    if (hierarchy.name != "owner") continue;
    if (hierarchy.auth_set.value_or(false)) {
      add_to(results, {Family::state, "hierarchies"}, evidence::kOwnerPassword);
    }
    if (!hierarchy.enabled.value_or(true)) {
      add_to(results, {Family::state, "hierarchies"}, evidence::kOwnerDisabled);
    }
  }
  if (tpm.failure_mode) add_failure_mode(results);
  for (ReportedResult& reported : results) add_shortage(reported.result);
  return results;
}

/// The numbers of this TPM behind the state that a result is evidence of, one clause.
std::optional<std::string> state_in_words(const Identity& tpm, const Result& result) {
  if (has(result, evidence::kLockout) && tpm.lockout) return lockout_in_numbers(*tpm.lockout);
  if (has(result, evidence::kFailureMode) && tpm.failure_mode) {
    return failure_in_numbers(*tpm.failure_mode);
  }
  const auto& found = tpm.found_objects;
  const std::size_t others = found.foreign + found.of_another;
  if (has(result, evidence::kObjectsFull) && others > 0) {
    return fmt::format("it holds {} objects of other programs", others);
  }
  return std::nullopt;
}

using knowledge::Quirk;
using knowledge::Symptom;

using Results = std::vector<ReportedResult>;

/// How well something explains a result; nullopt: not at all. What follows from a defect only
/// explains less than any symptom.
using Weight = std::optional<std::size_t>;
constexpr std::size_t kConsequence = 0;

template <typename List, typename Value>
bool is_one_of(const List& list, const Value& value) {
  return std::ranges::find(list, value) != list.end();
}

/// A list that is empty allows everything.
template <typename List, typename Value>
bool allows(const List& list, const Value& value) {
  return list.empty() || is_one_of(list, value);
}

bool allows_id(const std::vector<std::string>& globs, std::string_view id) {
  return globs.empty() || std::ranges::any_of(globs, [&](const std::string& glob) {
           return knowledge::matches_glob(glob, id);
         });
}

bool fits(const Symptom& symptom, const Result& result) {
  return allows_id(symptom.results, to_string(result.id)) &&
         allows(symptom.verdicts, to_string(result.verdict)) &&
         std::ranges::all_of(symptom.evidence,
                             [&](const auto& word) { return is_one_of(result.evidence, word); }) &&
         allows(symptom.codes, code_of_tpm(result)) &&
         allows(symptom.commands, result.command.value_or(0));
}

// What was seen says more than a code, and a code more than where it was.
std::size_t weight_of(const Symptom& symptom) {
  return 8 * symptom.evidence.size() + (symptom.codes.empty() ? 0 : 4) +
         (symptom.commands.empty() ? 0 : 2) + 1;
}

Weight heaviest(const std::vector<Symptom>& symptoms, const Result& result) {
  Weight most;
  for (const Symptom& symptom : symptoms) {
    if (fits(symptom, result)) most = std::max(most, Weight(weight_of(symptom)));
  }
  return most;
}

/// What a defect that may be there says to each result.
struct Claim {
  const Quirk* quirk = nullptr;
  std::vector<Weight> weights;  ///< one for each result
};

std::optional<Claim> claim_of(const Quirk& quirk, const Results& results) {
  Claim claim{&quirk, {}};
  bool shows = false;
  for (const auto& [result, explanation, advice] : results) {
    Weight weight = heaviest(quirk.symptoms, result);
    shows = shows || weight;
    if (!weight && heaviest(quirk.consequences, result)) weight = kConsequence;
    claim.weights.push_back(weight);
  }
  return shows ? std::optional(claim) : std::nullopt;
}

/// Leaves each result to the claims that explain it best.
void settle(std::vector<Claim>& claims, std::size_t results) {
  for (std::size_t at = 0; at < results; ++at) {
    Weight best;
    for (const Claim& claim : claims) best = std::max(best, claim.weights[at]);
    for (Claim& claim : claims) {
      if (claim.weights[at] != best) claim.weights[at].reset();
    }
  }
}

bool stands(const Claim& claim) {
  return std::ranges::any_of(claim.weights,
                             [](const Weight& weight) { return weight && *weight > kConsequence; });
}

/// The results that one of the claims is about; what shows the defect goes before what follows.
std::vector<const Result*> results_of(const Claim& claim, const Results& all) {
  std::vector<const Result*> results;
  for (const bool symptom : {true, false}) {
    for (std::size_t at = 0; at < claim.weights.size(); ++at) {
      const Weight& weight = claim.weights[at];
      if (weight && (*weight > kConsequence) == symptom) {
        results.push_back(&all[at].result);
      }
    }
  }
  return results;
}

bool is_known_for(const Quirk& quirk, const RunFacts& facts) {
  const auto manufacturer = facts.tpm.manufacturer.value_or("");
  return std::ranges::any_of(quirk.firmware, [&](const knowledge::FirmwareMatch& match) {
    return matches(match, manufacturer, firmware_version(facts));
  });
}

/// What was seen of it, from the result that says it best.
std::string here(const std::vector<const Result*>& results, const Identity& tpm) {
  const auto bad = std::ranges::find_if(results, [](const Result* result) {
    return result->verdict != Verdict::pass && result->verdict != Verdict::unsupported;
  });
  const Result& result = bad == results.end() ? *results.front() : **bad;
  if (const auto words = state_in_words(tpm, result)) return text::sentence(*words);
  return text::sentence(result.cause ? fmt::format("{}: {}", *result.cause, result.actual)
                                     : result.actual);
}

Finding finding_for(const Claim& claim, const Results& all, const RunFacts& facts) {
  const Quirk& quirk = *claim.quirk;
  const auto results = results_of(claim, all);
  std::vector<std::string> ids;
  for (const Result* result : results) ids.push_back(to_string(result->id));
  return {quirk.id,
          severity_of(quirk.severity),
          quirk.title,
          fmt::format("{} Here: {} Recognised by behaviour{}.", quirk.diagnosis,
                      here(results, facts.tpm),
                      is_known_for(quirk, facts) ? ", and this firmware is known for it" : ""),
          quirk.advice,
          std::move(ids)};
}

Finding finding_for_unseen(const Quirk& quirk) {
  return {
      quirk.id,
      Severity::info,
      quirk.title,
      fmt::format("Known issue of this firmware; not observed in this run. {}", quirk.diagnosis),
      quirk.advice,
      {}};
}

// What was blocked, cut off or not answered stays that: such a run is incomplete, recognised or
// not.
void mark(const Claim& claim, Results& results) {
  for (std::size_t at = 0; at < claim.weights.size(); ++at) {
    Result& result = results[at].result;
    if (!claim.weights[at] || result.quirk) continue;
    result.quirk = claim.quirk->id;
    if (result.verdict == Verdict::fail || result.verdict == Verdict::mismatch) {
      result.verdict = Verdict::quirk;
    }
  }
}

bool is_seen(const Quirk& quirk, const std::vector<Claim>& claims) {
  return std::ranges::any_of(claims, [&](const Claim& claim) { return claim.quirk == &quirk; });
}

}  // namespace

Recognised recognise(Explained explained, const RunFacts& facts, std::span<const Quirk> known) {
  Recognised step;
  step.results = with_state_evidence(std::move(explained.results), facts.tpm);
  std::vector<Claim> claims;
  for (const Quirk& quirk : known) {
    if (auto claim = claim_of(quirk, step.results)) claims.push_back(std::move(*claim));
  }
  settle(claims, step.results.size());
  std::erase_if(claims, [](const Claim& claim) { return !stands(claim); });
  for (const Claim& claim : claims) {
    step.defects.push_back(finding_for(claim, step.results, facts));
  }
  for (const Claim& claim : claims) mark(claim, step.results);
  for (const Quirk& quirk : known) {
    if (quirk.is_limit || is_seen(quirk, claims)) continue;
    if (is_known_for(quirk, facts)) step.defects.push_back(finding_for_unseen(quirk));
  }
  return step;
}

}  // namespace tpmprobe::reports
