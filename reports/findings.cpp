// SPDX-License-Identifier: BSD-2-Clause
#include "reports/findings.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>

#include <fmt/format.h>

#include "knowledge/advisory/advisory.h"
#include "knowledge/property_tags.h"
#include "text/clean_text.h"

namespace tpmprobe::reports {
namespace {

using knowledge::Advisory;
using knowledge::FirmwareFacts;

FirmwareFacts facts_of(const RunFacts& run) {
  FirmwareFacts facts;
  facts.manufacturer = run.tpm.manufacturer.value_or("");
  facts.version = firmware_version(run);
  if (run.capabilities) {
    facts.specification_year = run.capabilities->property(knowledge::kPtYear);
  }
  return facts;
}

/// The finding of the defect that shows the advisory in this run, or null.
const Finding* shown_by(const Advisory& advisory, const std::vector<Finding>& findings) {
  const auto found = std::ranges::find_if(findings, [&](const Finding& finding) {
    return !finding.probes.empty() &&
           std::ranges::find(advisory.quirks, finding.id) != advisory.quirks.end();
  });
  return found == findings.end() ? nullptr : &*found;
}

Finding finding_for(const Advisory& advisory, const RunFacts& run, const Finding* shown) {
  const auto known_by =
      shown != nullptr
          ? fmt::format("Recognised by behaviour ({}).", shown->id)
          : fmt::format("Recognised by manufacturer and firmware ({} {}){}.",
                        run.tpm.manufacturer.value_or("?"), run.tpm.firmware.value_or("?"),
                        advisory.certain ? "" : ", which is not conclusive");
  return {advisory.id,
          severity_of(advisory.severity),
          advisory.title,
          fmt::format("{} {}", advisory.meaning, known_by),
          fmt::format("{} Source: {}.", advisory.advice, fmt::join(advisory.sources, "; ")),
          shown != nullptr ? shown->probes : std::vector<std::string>{"identity"}};
}

}  // namespace

std::vector<Finding> with_advisories(std::vector<Finding> findings, const RunFacts& run) {
  const FirmwareFacts facts = facts_of(run);
  std::vector<Finding> added;
  for (const Advisory& advisory : knowledge::advisories()) {
    const Finding* shown = shown_by(advisory, findings);
    if (shown != nullptr || is_about(advisory, facts)) {
      added.push_back(finding_for(advisory, run, shown));
    }
  }
  std::ranges::move(added, std::back_inserter(findings));
  std::ranges::stable_sort(findings, std::ranges::greater{}, &Finding::severity);
  return findings;
}

namespace {

using Results = std::vector<ReportedResult>;

std::vector<const Result*> results_where(const Results& results, auto&& property) {
  std::vector<const Result*> found;
  for (const ReportedResult& reported : results) {
    if (property(reported.result)) found.push_back(&reported.result);
  }
  return found;
}

std::vector<std::string> ids(const std::vector<const Result*>& results) {
  std::vector<std::string> all;
  for (const Result* result : results) all.push_back(to_string(result->id));
  return all;
}

using Findings = std::vector<Finding>;

bool is_explained(const Findings& findings, const ProbeId& probe) {
  const auto id = to_string(probe);
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
    return std::find(finding.probes.begin(), finding.probes.end(), id) != finding.probes.end();
  });
}

void leftovers(const FoundObjects& found, Findings& findings) {
  if (found.flushed + found.foreign_flushed == 0) return;
  findings.push_back(
      {"leftovers-flushed",
       Severity::info,
       "Objects were left in the TPM",
       fmt::format("{} objects of a killed tpmprobe and {} of other programs were flushed.",
                   found.flushed, found.foreign_flushed),
       "Nothing to do.",
       {"session.open"}});
}

void missing_ssh(const Results& results, Findings& findings) {
  auto blocked = results_where(results, [](const Result& result) {
    return result.verdict == Verdict::blocked && result.id.family == Family::ssh && !result.command;
  });
  if (blocked.empty()) return;
  findings.push_back({"ssh-keygen-missing", Severity::warning, "ssh-keygen could not be run",
                      text::sentence(blocked.front()->actual),
                      "Install the OpenSSH client (openssh-client).", ids(blocked)});
}

// Something on this side failed. What the TPM did to the exchange would have left evidence.
void failed_exchange(const Results& results, Findings& findings) {
  auto broken = results_where(results, [&](const Result& result) {
    return result.verdict == Verdict::error && result.evidence.empty() &&
           !is_explained(findings, result.id);
  });
  if (broken.empty()) return;
  findings.push_back({"not-decided", Severity::warning, "Some probes could not be carried out",
                      text::sentence(broken.front()->actual),
                      "Check the connection to the TPM, then run tpmprobe again.", ids(broken)});
}

std::optional<std::string> advice_of(const Results& results, const ProbeId& id) {
  const auto found = std::ranges::find_if(
      results, [&](const ReportedResult& reported) { return reported.result.id == id; });
  return found == results.end() ? std::nullopt : found->advice;
}

// A refusal that is no shortage: an authorization, a hierarchy, a rate limit, our own guard.
void in_the_way(const Results& results, Findings& findings) {
  auto blocked = results_where(results, [&](const Result& result) {
    return result.verdict == Verdict::blocked && !is_explained(findings, result.id);
  });
  if (blocked.empty()) return;
  findings.push_back({"blocked", Severity::warning, "Some probes were blocked",
                      text::sentence(blocked.front()->actual),
                      advice_of(results, blocked.front()->id)
                          .value_or("See the explanation of the first of them. This says nothing "
                                    "about what the TPM can do."),
                      ids(blocked)});
}

bool is_bad(Verdict verdict) {
  return verdict == Verdict::fail || verdict == Verdict::mismatch || verdict == Verdict::timeout ||
         verdict == Verdict::error;
}

// What nobody knows must not look like something harmless.
void unrecognised(const Results& results, Findings& findings) {
  auto left = results_where(results, [&](const Result& result) {
    return is_bad(result.verdict) && !is_explained(findings, result.id);
  });
  if (left.empty()) return;
  std::set<std::string> seen;
  std::string diagnosis = "No known defect explains this.";
  for (const Result* result : left) {
    if (seen.size() < 3 && seen.insert(result->actual).second) {
      diagnosis += fmt::format(" {}: {}.", to_string(result->id), result->actual);
    }
  }
  findings.push_back({"unrecognised", Severity::warning,
                      fmt::format("{} probe{} failed for an unknown reason", left.size(),
                                  left.size() == 1 ? "" : "s"),
                      diagnosis,
                      "Do not rely on the features that these probes test, and report the problem "
                      "with the JSON form of this report.",
                      ids(left)});
}

/// Ways that end for the same reason.
struct FailedWays {
  std::vector<ProbeId> ways;  ///< each once
  std::string layer, diagnosis, advice;
  std::vector<std::string> probes;
};

bool is_of_store(const ProbeId& way) {
  return way.family == Family::store && !way.way.empty();
}

void add_failure(const ReportedResult& reported, std::vector<FailedWays>& failures) {
  const Result& result = reported.result;
  const auto way = without_step(result.id);
  FailedWays failure{{way},
                     result.layer.value_or("unknown"),
                     text::sentence(result.cause.value_or(result.actual)),
                     reported.advice.value_or("Read the output of this step."),
                     {to_string(result.id)}};
  const auto same = std::ranges::find_if(failures, [&](const FailedWays& other) {
    return (other.layer == failure.layer && other.diagnosis == failure.diagnosis) ||
           (is_of_store(way) && other.ways.back() == way);
  });
  if (same == failures.end()) return failures.push_back(std::move(failure));
  if (same->ways.back() != way) same->ways.push_back(way);
  same->probes.push_back(to_string(result.id));
  // Of a store the last step tells most.
  if (is_of_store(way)) {
    same->diagnosis = std::move(failure.diagnosis);
    same->advice = std::move(failure.advice);
  }
}

Finding finding_of(const FailedWays& failure) {
  const auto& first = failure.ways.front();
  if (is_of_store(first)) {
    return {to_string(first),  Severity::warning, "Keys of the PKCS#11 store cannot be used",
            failure.diagnosis, failure.advice,    failure.probes};
  }
  std::vector<std::string> ways;
  for (const auto& way : failure.ways) ways.push_back(to_string(way));
  return {"ssh." + ways.front(),
          Severity::warning,
          fmt::format("{} {} not work end to end; the layer that fails is {}",
                      fmt::join(ways, ", "), ways.size() == 1 ? "does" : "do", failure.layer),
          failure.diagnosis,
          failure.advice,
          failure.probes};
}

void failed_ways(const Results& results, Findings& findings) {
  std::vector<FailedWays> failures;
  for (const ReportedResult& reported : results) {
    const bool bad = is_bad(reported.result.verdict);
    if (bad && !is_explained(findings, reported.result.id)) add_failure(reported, failures);
  }
  std::ranges::transform(failures, std::back_inserter(findings), finding_of);
}

// Each looks at what those before it have not explained.
constexpr std::array kRules{missing_ssh, failed_exchange, in_the_way, unrecognised};

}  // namespace

Concluded conclude(Decided decided, const RunFacts& facts) {
  Concluded step(std::move(decided.results), std::move(decided.decisions));
  Findings findings = std::move(decided.defects);
  leftovers(facts.tpm.found_objects, findings);
  for (const auto rule : kRules) rule(step.results, findings);
  std::ranges::stable_sort(findings, std::ranges::greater{}, &Finding::severity);
  step.findings = with_advisories(std::move(findings), facts);
  return step;
}

Concluded conclude_walk(DecidedWalk decided) {
  Concluded step(std::move(decided.results), std::move(decided.decisions));
  in_the_way(step.results, step.findings);
  failed_ways(step.results, step.findings);
  return step;
}

}  // namespace tpmprobe::reports
