// SPDX-License-Identifier: BSD-2-Clause
#include "reports/uses.h"

#include <algorithm>

#include <fmt/format.h>

#include "knowledge/uses.h"
#include "reports/walk_uses.h"
#include "text/sentence.h"

namespace tpmprobe::reports {
namespace {

using knowledge::UseInfo;
using knowledge::UseWay;

constexpr unsigned kLeastStrength = 112;  // NIST SP 800-57 Part 1: the least that is acceptable

const Result* find(const Report& report, std::string_view id) {
  const auto found =
      std::find_if(report.results.begin(), report.results.end(),
                   [&](const ReportedResult& reported) { return reported.result.id == id; });
  return found == report.results.end() ? nullptr : &found->result;
}

bool is_decided(const Result& result) {
  return result.verdict != Verdict::blocked && result.verdict != Verdict::error &&
         result.verdict != Verdict::timeout;
}

/// The results of one way that are in the report.
std::vector<const Result*> results_of(const Report& report, const UseWay& way) {
  std::vector<const Result*> results;
  for (const auto id : way.results) {
    if (const Result* result = find(report, id)) results.push_back(result);
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

void not_usable(const Report& report, const UseInfo& info, const Result& refusal, Use& use) {
  use.verdict = Usability::not_usable;
  const Result* key = find(report, info.key);
  const bool trap = refusal.steps.created == Step::yes || (key != nullptr && passes(*key));
  if (trap) {
    use.reasons.push_back(text::sentence("The key can be made, and then not be used: " +
                                         refusal.cause.value_or(refusal.actual)));
    if (refusal.cause) use.reasons.push_back(text::sentence(refusal.actual));
  } else {
    use.reasons.push_back(why_not(refusal));
  }
}

// A quick run does not make the slow keys: what TestParms says decides.
void from_key_alone(const Result* key, Use& use) {
  if (key == nullptr) {
    use.reasons.emplace_back("Not tried in this run.");
  } else if (!is_decided(*key)) {
    use.reasons.push_back("Not decided: " + text::sentence(key->actual));
  } else if (passes(*key)) {
    use.verdict = Usability::limited;
    use.reasons.push_back("Not tried to the end: " + text::sentence(key->actual));
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
                            ? every_way ? "Works to the end: ssh-keygen accepts its signatures."
                                        : "Works with some software only."
                            : std::string(info.caveat));
  for (const WayOutcome& outcome : outcomes) explain_way(outcome, use);
}

Use derive(const Report& report, const UseInfo& info) {
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
    WayOutcome outcome{&way, results_of(report, way), nullptr};
    outcome.pass = first_with(outcome.results, passes);
    all.insert(all.end(), outcome.results.begin(), outcome.results.end());
    outcomes.push_back(std::move(outcome));
  }
  const Result* key = find(report, info.key);
  take_times(outcomes, key, use);
  const Result* undecided =
      first_with(all, [](const Result& result) { return !is_decided(result); });
  if (first_with(all, passes) != nullptr) {
    usable(info, outcomes, use);
  } else if (undecided != nullptr) {
    use.reasons.push_back("Not decided: " + text::sentence(undecided->actual));
  } else if (!all.empty()) {
    not_usable(report, info, *all.front(), use);
  } else {
    from_key_alone(key, use);
  }
  return use;
}

bool is_quicker(const Use* a, const Use* b) {
  return a->sign_ms < b->sign_ms;
}

void recommend(Report& report) {
  std::vector<const Use*> good;
  for (std::size_t i = 0; i < report.uses.size(); ++i) {
    const bool strong = knowledge::uses()[i].strength >= kLeastStrength;
    const Use& use = report.uses[i];
    if (use.verdict == Usability::usable && strong) good.push_back(&use);
  }
  std::stable_sort(good.begin(), good.end(), is_quicker);
  for (const Use* use : good) {
    const auto& info = knowledge::uses()[static_cast<std::size_t>(use - report.uses.data())];
    report.recommended.push_back(
        {use->id, fmt::format("Works to the end (to make one: {}).", info.make)});
  }
}

void warn(Report& report) {
  for (std::size_t i = 0; i < report.uses.size(); ++i) {
    const UseInfo& info = knowledge::uses()[i];
    const Use& use = report.uses[i];
    const Result* key = find(report, info.key);
    const bool made =
        (key != nullptr && key->verdict == Verdict::pass) || walk_made_key(report, info);
    const bool trap = use.verdict == Usability::not_usable && made;
    const bool weak = use.verdict == Usability::limited && !info.caveat.empty();
    if (trap || weak) report.avoid.push_back({use.id, use.reasons.front()});
  }
}

}  // namespace

void derive_uses(Report& report) {
  report.uses.clear();
  for (const UseInfo& info : knowledge::uses()) report.uses.push_back(derive(report, info));
  recommend(report);
  warn(report);
}

void derive_walk_uses(Report& report) {
  report.uses.clear();
  for (const UseInfo& info : knowledge::uses()) report.uses.push_back(use_of_walk(report, info));
  recommend(report);
  warn(report);
}

}  // namespace tpmprobe::reports
