// SPDX-License-Identifier: BSD-2-Clause
#include "reports/recognise.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "knowledge/glob.h"
#include "reports/state_evidence.h"
#include "text/sentence.h"

namespace tpmprobe::reports {
namespace {

using knowledge::Quirk;
using knowledge::Symptom;

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

std::optional<Claim> claim_of(const Quirk& quirk, const Report& report) {
  Claim claim{&quirk, {}};
  bool shows = false;
  for (const auto& [result, explanation, advice] : report.results) {
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
std::vector<const Result*> results_of(const Claim& claim, const Report& report) {
  std::vector<const Result*> results;
  for (const bool symptom : {true, false}) {
    for (std::size_t at = 0; at < claim.weights.size(); ++at) {
      const Weight& weight = claim.weights[at];
      if (weight && (*weight > kConsequence) == symptom) {
        results.push_back(&report.results[at].result);
      }
    }
  }
  return results;
}

bool is_known_for(const Quirk& quirk, const Report& report) {
  const auto manufacturer = report.tpm.manufacturer.value_or("");
  return std::ranges::any_of(quirk.firmware, [&](const knowledge::FirmwareMatch& match) {
    return matches(match, manufacturer, firmware_version(report));
  });
}

/// What was seen of it, from the result that says it best.
std::string here(const std::vector<const Result*>& results, const Report& report) {
  const auto bad = std::ranges::find_if(results, [](const Result* result) {
    return result->verdict != Verdict::pass && result->verdict != Verdict::unsupported;
  });
  const Result& result = bad == results.end() ? *results.front() : **bad;
  if (const auto words = state_in_words(report, result)) return text::sentence(*words);
  return text::sentence(result.cause ? fmt::format("{}: {}", *result.cause, result.actual)
                                     : result.actual);
}

Finding finding_for(const Claim& claim, const Report& report) {
  const Quirk& quirk = *claim.quirk;
  const auto results = results_of(claim, report);
  std::vector<std::string> ids;
  for (const Result* result : results) ids.push_back(to_string(result->id));
  return {
      quirk.id,
      severity_of(quirk.severity),
      quirk.title,
      fmt::format("{} Here: {} Recognised by behaviour{}.", quirk.diagnosis, here(results, report),
                  is_known_for(quirk, report) ? ", and this firmware is known for it" : ""),
      quirk.advice,
      std::move(ids)};
}

Finding finding_for_unseen(const Quirk& quirk) {
  return {quirk.id,
          Severity::info,
          quirk.title,
          fmt::format("Known of this firmware; this run did not see it. {}", quirk.diagnosis),
          quirk.advice,
          {}};
}

// What was blocked, cut off or not answered stays that: such a run is incomplete, recognised or
// not.
void mark(const Claim& claim, Report& report) {
  for (std::size_t at = 0; at < claim.weights.size(); ++at) {
    Result& result = report.results[at].result;
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

void recognise(Report& report, std::span<const Quirk> known) {
  add_state_evidence(report);
  std::vector<Claim> claims;
  for (const Quirk& quirk : known) {
    if (auto claim = claim_of(quirk, report)) claims.push_back(std::move(*claim));
  }
  settle(claims, report.results.size());
  std::erase_if(claims, [](const Claim& claim) { return !stands(claim); });
  for (const Claim& claim : claims) report.findings.push_back(finding_for(claim, report));
  for (const Claim& claim : claims) mark(claim, report);
  for (const Quirk& quirk : known) {
    if (quirk.is_limit || is_seen(quirk, claims)) continue;
    if (is_known_for(quirk, report)) report.findings.push_back(finding_for_unseen(quirk));
  }
}

}  // namespace tpmprobe::reports
