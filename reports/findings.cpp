// SPDX-License-Identifier: BSD-2-Clause
#include "reports/findings.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "reports/sentence.h"
#include "reports/summary.h"
#include "reports/units.h"

namespace tpmprobe::reports {
namespace {

using probes::Result;
using probes::Verdict;

std::vector<const Result*> results_where(const Report& report, auto&& property) {
  std::vector<const Result*> found;
  for (const ReportedResult& reported : report.results) {
    if (property(reported.result)) found.push_back(&reported.result);
  }
  return found;
}

std::vector<std::string> ids(const std::vector<const Result*>& results) {
  std::vector<std::string> all;
  for (const Result* result : results) all.push_back(result->id);
  return all;
}

std::string instead(const Report& report) {
  if (!report.recommended.empty()) {
    return fmt::format("Use {} instead.", report.recommended.front().use);
  }
  const bool all_known = std::none_of(report.uses.begin(), report.uses.end(), [](const Use& use) {
    return use.verdict == Usability::unknown;
  });
  return all_known ? "No ssh key type works on this TPM: keep the key somewhere else."
                   : "Run the whole report to see which key type works.";
}

using Findings = std::vector<Finding>;

bool is_explained(const Findings& findings, const std::string& id) {
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
    return std::find(finding.probes.begin(), finding.probes.end(), id) != finding.probes.end();
  });
}

// TPM 2.0 Part 2, 6.6.3; the shortages are CONTEXT_GAP to OBJECT_HANDLES. Behind a resource manager
// they come with its layer in the upper half.
constexpr std::uint32_t kCodeMask = 0xffff, kRcContextGap = 0x901, kRcObjectHandles = 0x906,
                        kRcFailure = 0x101;

// The origin story: the curve is there, the hash that ssh fixes for it is not.
void keys_without_hash(const Report& report, Findings& findings) {
  for (const Result* login : results_where(report, [](const Result& result) {
         return result.id.starts_with("ssh.") && result.verdict == Verdict::fail && result.cause;
       })) {
    const auto same_cause = results_where(report, [&](const Result& result) {
      return result.cause == login->cause && result.rc == login->rc &&
             result.steps.created == probes::Step::yes;
    });
    findings.push_back({fmt::format("{}-without-hash", login->id.substr(login->id.find('.') + 1)),
                        Severity::warning,
                        fmt::format("{} keys can be made here, but not used",
                                    login->id.substr(login->id.find('.') + 1)),
                        fmt::format("There is {}, and such a key has to sign a digest of exactly "
                                    "that hash: {}.",
                                    *login->cause, login->actual),
                        fmt::format("Do not make such a key in this TPM. {} No setting helps; a "
                                    "newer firmware may have the hash.",
                                    instead(report)),
                        ids(same_cause)});
  }
}

void failure_mode(const Report& report, Findings& findings) {
  if (!report.tpm.failure_mode) return;
  const auto& failure = *report.tpm.failure_mode;
  findings.push_back(
      {"failure-mode", Severity::error, "The TPM is in failure mode",
       fmt::format("A self test failed, and the TPM refuses every command until it is reset; "
                   "TPM2_GetTestResult says 0x{:x}{}.",
                   failure.test_result,
                   failure.out_data.empty() ? std::string()
                                            : fmt::format(", manufacturer's data {:02x}",
                                                          fmt::join(failure.out_data, ""))),
       "Switch the machine off and on again (a restart may not be enough). If it comes back, the "
       "TPM or its firmware is broken: update the firmware or ask the manufacturer, with the data "
       "above.",
       ids(results_where(report, [](const Result& result) { return result.rc == kRcFailure; }))});
}

void lockout(const Report& report, Findings& findings) {
  const auto& lockout = report.tpm.lockout;
  if (!lockout || !lockout->in_lockout) return;
  const std::uint64_t all = std::uint64_t{lockout->interval_s} * lockout->counter;
  const auto wait = lockout->interval_s == 0
                        ? std::string("no try comes back by itself")
                        : fmt::format(
                              "the next try comes back after {} at the most, all of them "
                              "after {}",
                              seconds_in_words(lockout->interval_s),
                              seconds_in_words(static_cast<std::uint32_t>(
                                  std::min<std::uint64_t>(all, UINT32_MAX))));
  findings.push_back(
      {"lockout",
       Severity::warning,
       "The TPM is in dictionary-attack lockout",
       fmt::format("{} failed authorizations were counted, {} are allowed: keys with a password "
                   "are refused, with the right one too; {}. Often the cause is power cuts "
                   "without TPM2_Shutdown and not an attacker.",
                   lockout->counter, lockout->max_tries, wait),
       fmt::format("Wait and try nothing, each wrong try starts the time again; or reset it with "
                   "`tpm2_dictionarylockout --clear-lockout`{}.",
                   lockout->lockout_auth_set ? " and the lockout password (Windows sets one)" : ""),
       {"state.lockout"}});
}

void slots(const Report& report, Findings& findings) {
  const auto& found = report.tpm.found_objects;
  auto starved = results_where(report, [](const Result& result) {
    const std::uint32_t code = result.rc.value_or(0) & kCodeMask;
    return (result.verdict == Verdict::blocked && code >= kRcContextGap &&
            code <= kRcObjectHandles) ||
           (result.id == "state.object-slots" && result.verdict == Verdict::fail);
  });
  if (!starved.empty()) {
    findings.push_back(
        {"object-slots-full", Severity::warning, "The TPM has no room for the keys of a probe",
         fmt::format("{} objects of other programs are in its slots, and nobody clears them away: "
                     "there is no resource manager between, or not for their owner. This says "
                     "nothing about the algorithms.",
                     found.foreign + found.of_another),
         "Use /dev/tpmrm0 or tpm2-abrmd. If no program needs the objects any more: "
         "`tpm2_flushcontext -t`, or `tpmprobe report --flush-leftovers`.",
         ids(starved)});
  }
  if (found.flushed + found.foreign_flushed > 0) {
    findings.push_back({"leftovers-flushed",
                        Severity::info,
                        "Objects were left in the TPM",
                        fmt::format("{} objects of a tpmprobe that was killed and {} of other "
                                    "programs were flushed.",
                                    found.flushed, found.foreign_flushed),
                        "Nothing is left to do.",
                        {"session.open"}});
  }
}

void owner_password(const Report& report, Findings& findings) {
  for (const auto& hierarchy : report.tpm.hierarchies) {
    if (hierarchy.name != "owner" || !hierarchy.auth_set.value_or(false)) continue;
    findings.push_back({"owner-password",
                        Severity::info,
                        "The owner hierarchy has a password",
                        "Keys under the owner hierarchy need it; the probes ran under the NULL "
                        "hierarchy instead, and no password was tried.",
                        "If you do not know who set it: Windows and some provisioning tools do. "
                        "Clearing the TPM in the firmware's setup removes it, and every key with "
                        "it.",
                        {"state.hierarchies"}});
  }
}

void owner_disabled(const Report& report, Findings& findings) {
  for (const auto& hierarchy : report.tpm.hierarchies) {
    if (hierarchy.name != "owner" || hierarchy.enabled.value_or(true)) continue;
    findings.push_back({"owner-disabled",
                        Severity::warning,
                        "The owner hierarchy is switched off",
                        "No key under it can be made, loaded or used until the machine is started "
                        "again, whatever the probes found: they ran under the NULL hierarchy "
                        "instead.",
                        "Look for what switches it off in the firmware's setup (\"storage "
                        "hierarchy\") or in the first programs of the start.",
                        {"state.hierarchies"}});
  }
}

void missing_ssh(const Report& report, Findings& findings) {
  auto blocked = results_where(report, [](const Result& result) {
    return result.verdict == Verdict::blocked && result.id.starts_with("ssh.") && !result.command;
  });
  if (blocked.empty()) return;
  findings.push_back({"ssh-keygen-missing", Severity::warning, "ssh-keygen could not be asked",
                      sentence(blocked.front()->actual),
                      "Install OpenSSH's client (openssh-client).", ids(blocked)});
}

void silence(const Report& report, Findings& findings) {
  auto silent = results_where(
      report, [](const Result& result) { return result.verdict == Verdict::timeout; });
  if (silent.empty()) return;
  findings.push_back({"no-answer", Severity::error, "The TPM did not answer in time",
                      sentence(silent.front()->actual),
                      "Switch the machine off and on again; if it comes back, look for a firmware "
                      "update.",
                      ids(silent)});
}

void failed_exchange(const Report& report, Findings& findings) {
  auto broken =
      results_where(report, [](const Result& result) { return result.verdict == Verdict::error; });
  if (broken.empty()) return;
  findings.push_back({"not-decided", Severity::warning, "Some probes could not be carried out",
                      sentence(broken.front()->actual),
                      "Run tpmprobe again; look at the connection to the TPM first.", ids(broken)});
}

// A refusal that is no shortage: an authorization, a hierarchy, a rate limit, our own guard.
void in_the_way(const Report& report, Findings& findings) {
  auto blocked = results_where(report, [&](const Result& result) {
    return result.verdict == Verdict::blocked && !is_explained(findings, result.id);
  });
  if (blocked.empty()) return;
  findings.push_back(
      {"blocked", Severity::warning, "Something was in the way of some probes",
       sentence(blocked.front()->actual),
       "See the explanation of the first of them; it says nothing about what the TPM "
       "can do.",
       ids(blocked)});
}

// What nobody knows must not look like something harmless.
void unrecognised(const Report& report, Findings& findings) {
  auto left = results_where(report, [&](const Result& result) {
    const bool bad = result.verdict == Verdict::fail || result.verdict == Verdict::mismatch;
    return bad && !is_explained(findings, result.id);
  });
  if (left.empty()) return;
  std::set<std::string> seen;
  std::string diagnosis = "No known defect explains this.";
  for (const Result* result : left) {
    if (seen.size() < 3 && seen.insert(result->actual).second) {
      diagnosis += fmt::format(" {}: {}.", result->id, result->actual);
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

constexpr std::array kRules{failure_mode,    keys_without_hash, lockout,     slots,
                            owner_password,  owner_disabled,    missing_ssh, silence,
                            failed_exchange, in_the_way,        unrecognised};

}  // namespace

void derive_findings(Report& report) {
  Findings findings;
  for (const auto rule : kRules) rule(report, findings);
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) { return a.severity > b.severity; });
  report.findings = std::move(findings);
}

}  // namespace tpmprobe::reports
