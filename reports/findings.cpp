// SPDX-License-Identifier: BSD-2-Clause
#include "reports/findings.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "text/sentence.h"

namespace tpmprobe::reports {
namespace {

std::vector<const Result*> results_where(const Report& report, auto&& property) {
  std::vector<const Result*> found;
  for (const ReportedResult& reported : report.results) {
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

void leftovers(const Report& report, Findings& findings) {
  const auto& found = report.tpm.found_objects;
  if (found.flushed + found.foreign_flushed == 0) return;
  findings.push_back({"leftovers-flushed",
                      Severity::info,
                      "Objects were left in the TPM",
                      fmt::format("{} objects of a tpmprobe that was killed and {} of other "
                                  "programs were flushed.",
                                  found.flushed, found.foreign_flushed),
                      "Nothing is left to do.",
                      {"session.open"}});
}

void missing_ssh(const Report& report, Findings& findings) {
  auto blocked = results_where(report, [](const Result& result) {
    return result.verdict == Verdict::blocked && result.id.family == Family::ssh && !result.command;
  });
  if (blocked.empty()) return;
  findings.push_back({"ssh-keygen-missing", Severity::warning, "ssh-keygen could not be asked",
                      text::sentence(blocked.front()->actual),
                      "Install OpenSSH's client (openssh-client).", ids(blocked)});
}

// Something on this side failed. What the TPM did to the exchange would have left evidence.
void failed_exchange(const Report& report, Findings& findings) {
  auto broken = results_where(report, [&](const Result& result) {
    return result.verdict == Verdict::error && result.evidence.empty() &&
           !is_explained(findings, result.id);
  });
  if (broken.empty()) return;
  findings.push_back({"not-decided", Severity::warning, "Some probes could not be carried out",
                      text::sentence(broken.front()->actual),
                      "Run tpmprobe again; look at the connection to the TPM first.", ids(broken)});
}

std::optional<std::string> advice_of(const Report& report, const ProbeId& id) {
  const auto found = std::ranges::find_if(
      report.results, [&](const ReportedResult& reported) { return reported.result.id == id; });
  return found == report.results.end() ? std::nullopt : found->advice;
}

// A refusal that is no shortage: an authorization, a hierarchy, a rate limit, our own guard.
void in_the_way(const Report& report, Findings& findings) {
  auto blocked = results_where(report, [&](const Result& result) {
    return result.verdict == Verdict::blocked && !is_explained(findings, result.id);
  });
  if (blocked.empty()) return;
  findings.push_back(
      {"blocked", Severity::warning, "Something was in the way of some probes",
       text::sentence(blocked.front()->actual),
       advice_of(report, blocked.front()->id)
           .value_or("See the explanation of the first of them; it says nothing about what the TPM "
                     "can do."),
       ids(blocked)});
}

bool is_bad(Verdict verdict) {
  return verdict == Verdict::fail || verdict == Verdict::mismatch || verdict == Verdict::timeout ||
         verdict == Verdict::error;
}

// What nobody knows must not look like something harmless.
void unrecognised(const Report& report, Findings& findings) {
  auto left = results_where(report, [&](const Result& result) {
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
                      fmt::format("{} probe{} ended in a way that nobody has described",
                                  left.size(), left.size() == 1 ? "" : "s"),
                      diagnosis,
                      "Do not rely on what these probes stand for, and report it with the JSON "
                      "form of this report.",
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
                     reported.advice.value_or("Read the lines of this step."),
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
          fmt::format("{} {} not come to the end; the layer that fails is {}",
                      fmt::join(ways, ", "), ways.size() == 1 ? "does" : "do", failure.layer),
          failure.diagnosis,
          failure.advice,
          failure.probes};
}

void failed_ways(const Report& report, Findings& findings) {
  std::vector<FailedWays> failures;
  for (const ReportedResult& reported : report.results) {
    const bool bad = is_bad(reported.result.verdict);
    if (bad && !is_explained(findings, reported.result.id)) add_failure(reported, failures);
  }
  std::ranges::transform(failures, std::back_inserter(findings), finding_of);
}

constexpr std::array kRules{leftovers, missing_ssh, failed_exchange, in_the_way, unrecognised};

}  // namespace

void derive_findings(Report& report) {
  Findings findings = std::move(report.findings);
  for (const auto rule : kRules) rule(report, findings);
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) { return a.severity > b.severity; });
  report.findings = std::move(findings);
}

void derive_walk_findings(Report& report) {
  in_the_way(report, report.findings);
  failed_ways(report, report.findings);
}

}  // namespace tpmprobe::reports
