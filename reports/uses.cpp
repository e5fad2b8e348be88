// SPDX-License-Identifier: BSD-2-Clause
#include "reports/uses.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "knowledge/uses.h"
#include "reports/model.h"
#include "text/clean_text.h"

namespace tpmprobe::reports {
namespace {

using Results = std::vector<ReportedResult>;

/// A way that keys are walked, and the software on it.
struct Way {
  Family family;
  std::string_view software, key_step;
};

constexpr std::array kWays{Way{Family::direct, "TPM2_Sign alone", "key"},
                           Way{Family::pkcs11, "tpm2-pkcs11", "addkey"}};

/// How far a way went.
struct WayEnd {
  const Way* way = nullptr;
  bool logged_in = false;
  const Result* obstacle = nullptr;  ///< the first step that did not pass
};

bool is_of(const ProbeId& id, const Way& way, const knowledge::UseInfo& info) {
  return id.family == way.family && id.way == info.walk;
}

std::optional<WayEnd> end_of(const Results& results, const Way& way,
                             const knowledge::UseInfo& info) {
  WayEnd end{&way, false, nullptr};
  bool walked = false;
  for (const auto& [result, explanation, advice] : results) {
    if (!is_of(result.id, way, info)) continue;
    walked = true;
    const bool passed = result.verdict == Verdict::pass;
    if (!passed && end.obstacle == nullptr) end.obstacle = &result;
    end.logged_in = end.logged_in || (passed && result.id.step == "login");
  }
  // What works in one program and not in the next is no way to go.
  end.logged_in = end.logged_in && end.obstacle == nullptr;
  // Stopped before its end, and nothing was in the way until then.
  if (!end.logged_in && end.obstacle == nullptr) walked = false;
  return walked ? std::optional(end) : std::nullopt;
}

std::string why(const Result& obstacle) {
  return obstacle.cause.value_or(obstacle.actual);
}

std::string words_for(const WayEnd& end) {
  if (end.logged_in) return text::sentence(fmt::format("With {} it logs in", end.way->software));
  return text::sentence(
      fmt::format("With {} it does not log in: {}", end.way->software, why(*end.obstacle)));
}

void judge(const std::vector<WayEnd>& ends, bool made, Use& use) {
  const auto logins = std::ranges::count(ends, true, &WayEnd::logged_in);
  const auto failed = std::ranges::find(ends, false, &WayEnd::logged_in);
  if (failed == ends.end()) {
    use.verdict = Usability::usable;
    use.reasons.emplace_back("Works end to end: sshd accepts its signatures.");
  } else if (logins > 0) {
    use.verdict = Usability::limited;
    use.reasons.emplace_back("Works only with some software.");
  } else if (failed->obstacle->verdict == Verdict::blocked) {
    use.reasons.push_back("Undecided: " + text::sentence(failed->obstacle->actual));
    return;
  } else {
    use.verdict = Usability::not_usable;
    use.reasons.push_back(text::sentence((made ? "The key can be created but not used: " : "") +
                                         why(*failed->obstacle)));
  }
  for (const auto& end : ends) use.reasons.push_back(words_for(end));
}

/// Whether the walk came to have such a key.
bool walk_made_key(const Results& results, const knowledge::UseInfo& info) {
  const auto made_on = [&](const Way& way, const Result& result) {
    return result.verdict == Verdict::pass && is_of(result.id, way, info) &&
           result.id.step == way.key_step;
  };
  return !info.walk.empty() && std::ranges::any_of(results, [&](const auto& reported) {
    return std::ranges::any_of(kWays,
                               [&](const Way& way) { return made_on(way, reported.result); });
  });
}

/// Whether a person can use such an ssh key, by the ways that `tpmprobe ssh` walked with it: the
/// direct one and that through tpm2-pkcs11. Usable if each that was walked ended in a login,
/// limited if only one did.
Use use_of_walk(const Results& results, const knowledge::UseInfo& info) {
  Use use;
  use.id = info.id;
  use.title = info.title;
  std::vector<WayEnd> ends;
  if (!info.walk.empty()) {
    for (const auto& way : kWays) {
      if (auto end = end_of(results, way, info)) ends.push_back(*end);
    }
  }
  if (!info.never.empty()) {
    use.verdict = Usability::not_usable;
    use.reasons.emplace_back(info.never);
  } else if (ends.empty()) {
    use.reasons.emplace_back("Not tested in this run.");
  } else {
    judge(ends, walk_made_key(results, info), use);
  }
  return use;
}

using knowledge::UseInfo;
using knowledge::UseWay;

constexpr unsigned kLeastStrength = 112;  // NIST SP 800-57 Part 1: the least that is acceptable

using Results = std::vector<ReportedResult>;

const Result* find(const Results& results, std::string_view id) {
  const auto found =
      std::find_if(results.begin(), results.end(),
                   [&](const ReportedResult& reported) { return reported.result.id == id; });
  return found == results.end() ? nullptr : &found->result;
}

bool is_decided(const Result& result) {
  return result.verdict != Verdict::blocked && result.verdict != Verdict::error &&
         result.verdict != Verdict::timeout;
}

/// The results of one way that are in the report.
std::vector<const Result*> results_of(const Results& all, const UseWay& way) {
  std::vector<const Result*> results;
  for (const auto id : way.results) {
    if (const Result* result = find(all, id)) results.push_back(result);
  }
  return results;
}

const Result* first_with(const std::vector<const Result*>& results, auto&& property) {
  const auto found = std::find_if(results.begin(), results.end(),
                                  [&](const Result* result) { return property(*result); });
  return found == results.end() ? nullptr : *found;
}

bool passes(const Result& result) {
  return result.verdict == Verdict::pass;
}

// Why a use cannot be had, from the result that says it best.
std::string why_not(const Result& result) {
  return text::sentence(result.cause.value_or(result.actual));
}

void not_usable(const Results& results, const UseInfo& info, const Result& refusal, Use& use) {
  use.verdict = Usability::not_usable;
  const Result* key = find(results, info.key);
  const bool trap = refusal.steps.created == Step::yes || (key != nullptr && passes(*key));
  if (trap) {
    use.reasons.push_back(text::sentence("The key can be created but not used: " +
                                         refusal.cause.value_or(refusal.actual)));
    if (refusal.cause) use.reasons.push_back(text::sentence(refusal.actual));
  } else {
    use.reasons.push_back(why_not(refusal));
  }
}

// A quick run does not make the slow keys: what TestParms says decides.
void from_key_alone(const Result* key, Use& use) {
  if (key == nullptr) {
    use.reasons.emplace_back("Not tested in this run.");
  } else if (!is_decided(*key)) {
    use.reasons.push_back("Undecided: " + text::sentence(key->actual));
  } else if (passes(*key)) {
    use.verdict = Usability::limited;
    use.reasons.push_back("Not tested end to end: " + text::sentence(key->actual));
  } else {
    use.verdict = Usability::not_usable;
    use.reasons.push_back(why_not(*key));
  }
}

/// How a way went.
struct WayOutcome {
  const UseWay* way = nullptr;
  std::vector<const Result*> results;
  const Result* pass = nullptr;
};

std::string names(const std::vector<const Result*>& results, auto&& property) {
  std::vector<std::string_view> words;
  for (const Result* result : results) {
    if (property(*result)) words.push_back(result->id.scheme);
  }
  return fmt::format("{}", fmt::join(words, ", "));
}

void explain_way(const WayOutcome& outcome, Use& use) {
  if (outcome.pass == nullptr) {
    if (outcome.results.empty()) return;
    use.reasons.push_back(
        text::sentence(fmt::format("{} ({}) does not work: {}", outcome.way->title,
                                   outcome.way->software, why_not(*outcome.results.front()))));
    return;
  }
  auto text = fmt::format("{} ({}) works: {}", outcome.way->title, outcome.way->software,
                          names(outcome.results, passes));
  const auto others = names(outcome.results, [](const Result& result) { return !passes(result); });
  if (!others.empty()) text += fmt::format("; not {}", others);
  use.reasons.push_back(text::sentence(std::move(text)));
}

void take_times(const std::vector<WayOutcome>& outcomes, const Result* key, Use& use) {
  if (key != nullptr) use.keygen_ms = key->keygen_ms;
  for (const WayOutcome& outcome : outcomes) {
    if (outcome.pass == nullptr || !outcome.pass->sign_ms) continue;
    use.sign_ms = std::min(use.sign_ms.value_or(*outcome.pass->sign_ms), *outcome.pass->sign_ms);
  }
}

void usable(const UseInfo& info, const std::vector<WayOutcome>& outcomes, Use& use) {
  const bool every_way = std::all_of(outcomes.begin(), outcomes.end(), [](const auto& outcome) {
    return outcome.pass != nullptr || outcome.results.empty();
  });
  use.verdict = every_way && info.caveat.empty() ? Usability::usable : Usability::limited;
  use.reasons.push_back(info.caveat.empty()
                            ? every_way ? "Works end to end: ssh-keygen accepts its signatures."
                                        : "Works only with some software."
                            : std::string(info.caveat));
  for (const WayOutcome& outcome : outcomes) explain_way(outcome, use);
}

Use derive(const Results& results, const UseInfo& info) {
  Use use;
  use.id = info.id;
  use.title = info.title;
  if (!info.never.empty()) {
    use.verdict = Usability::not_usable;
    use.reasons.emplace_back(info.never);
    return use;
  }
  std::vector<WayOutcome> outcomes;
  std::vector<const Result*> all;
  for (const UseWay& way : info.ways) {
    WayOutcome outcome{&way, results_of(results, way), nullptr};
    outcome.pass = first_with(outcome.results, passes);
    all.insert(all.end(), outcome.results.begin(), outcome.results.end());
    outcomes.push_back(std::move(outcome));
  }
  const Result* key = find(results, info.key);
  take_times(outcomes, key, use);
  const Result* undecided =
      first_with(all, [](const Result& result) { return !is_decided(result); });
  if (first_with(all, passes) != nullptr) {
    usable(info, outcomes, use);
  } else if (undecided != nullptr) {
    use.reasons.push_back("Undecided: " + text::sentence(undecided->actual));
  } else if (!all.empty()) {
    not_usable(results, info, *all.front(), use);
  } else {
    from_key_alone(key, use);
  }
  return use;
}

bool is_quicker(const Use* a, const Use* b) {
  return a->sign_ms < b->sign_ms;
}

const UseInfo& info_of(const Use& use) {
  return *std::ranges::find(knowledge::uses(), std::string_view(use.id), &UseInfo::id);
}

std::vector<Advice> recommended(const std::vector<Use>& uses) {
  std::vector<const Use*> good;
  for (const Use& use : uses) {
    const bool strong = info_of(use).strength >= kLeastStrength;
    if (use.verdict == Usability::usable && strong) good.push_back(&use);
  }
  std::stable_sort(good.begin(), good.end(), is_quicker);
  std::vector<Advice> all;
  for (const Use* use : good) {
    all.push_back(
        {use->id, fmt::format("Works end to end. To create one: {}.", info_of(*use).make)});
  }
  return all;
}

std::vector<Advice> to_avoid(const std::vector<Use>& uses, const Results& results) {
  std::vector<Advice> all;
  for (const Use& use : uses) {
    const UseInfo& info = info_of(use);
    const Result* key = find(results, info.key);
    const bool made = (key != nullptr && passes(*key)) || walk_made_key(results, info);
    const bool trap = use.verdict == Usability::not_usable && made;
    const bool weak = use.verdict == Usability::limited && !info.caveat.empty();
    if (trap || weak) all.push_back({use.id, use.reasons.front()});
  }
  return all;
}

/// Decides every use by `decide`, one at a time.
template <typename Decide>
Decisions decisions(const Results& results, Decide decide) {
  Decisions made;
  for (const UseInfo& info : knowledge::uses()) made.uses.push_back(decide(results, info));
  made.recommended = recommended(made.uses);
  made.avoid = to_avoid(made.uses, results);
  return made;
}

Results advised(Results results, const Decisions& decisions) {
  for (auto& [result, explanation, advice] : results) {
    if (result.advice) {
      advice = result.advice;
    } else if (result.cause && !decisions.recommended.empty()) {
      advice = fmt::format("Use {} on this TPM.", decisions.recommended.front().use);
    }
  }
  return results;
}

}  // namespace

Decided decide_uses(Recognised recognised) {
  Decided step;
  step.decisions = decisions(recognised.results, derive);
  step.results = advised(std::move(recognised.results), step.decisions);
  step.defects = std::move(recognised.defects);
  return step;
}

DecidedWalk decide_walk_uses(Explained explained) {
  DecidedWalk step;
  step.decisions = decisions(explained.results, use_of_walk);
  step.results = advised(std::move(explained.results), step.decisions);
  return step;
}

}  // namespace tpmprobe::reports
