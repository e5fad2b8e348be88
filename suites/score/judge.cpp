// SPDX-License-Identifier: BSD-2-Clause
#include "suites/score/judge.h"

#include <algorithm>
#include <map>
#include <sstream>

#include "explain/log.h"
#include "knowledge/text.h"

namespace tpmprobe::score {
namespace {

using explain::ExplainedText;
using explain::LoggedExplanation;

ExplainedText explain_log(const std::string& log) {
  explain::LogExplainer explainer;
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) explainer.read_line(line);
  return std::move(explainer).finish();
}

/// "CKR 160" is a code of PKCS #11; messages about one have its name as their symbol.
std::string spelling_of(const LoggedExplanation& entry) {
  const auto& explanation = entry.explanation;
  if (explanation.message == nullptr) return knowledge::hex(explanation.decoded.value, 1);
  if (!explanation.message->id.starts_with("ckr-")) return {};
  return "CKR " + std::string(explanation.message->id.substr(4));
}

/// The primary first, then the others as they stand.
std::vector<const LoggedExplanation*> reading_order(const ExplainedText& text) {
  std::vector<const LoggedExplanation*> order;
  for (const auto& entry : text.explanations) order.push_back(&entry);
  std::ranges::stable_sort(order, {}, [](const LoggedExplanation* entry) {
    return entry->explanation.severity >= knowledge::RcSeverity::follow_up;
  });
  if (text.primary) {
    const auto* primary = &text.explanations[*text.primary];
    std::ranges::stable_partition(order, [&](const auto* entry) { return entry == primary; });
  }
  return order;
}

void compare_codes(const FieldCase& field_case, const ExplainedText& text, Judgement& judgement) {
  std::set<std::string> said;
  for (const auto& entry : text.explanations) {
    if (auto code = spelling_of(entry); !code.empty()) said.insert(std::move(code));
  }
  for (const auto& code : field_case.in_log) {
    (said.contains(code) ? judgement.found : judgement.missed).push_back(code);
  }
  for (const auto& code : said) {
    // The cases name codes of PKCS #11 only where they decided something.
    const bool known = field_case.in_log.contains(code) || field_case.meant.contains(code) ||
                       code.starts_with("CKR ");
    if (!known) judgement.wrong.push_back(code);
  }
}

}  // namespace

std::size_t rank_of(const std::string& wanted, const std::vector<std::string>& classes) {
  const auto at = std::ranges::find(classes, wanted);
  return at == classes.end() ? 0 : static_cast<std::size_t>(at - classes.begin()) + 1;
}

Judgement judge(const FieldCase& field_case) {
  const ExplainedText text = explain_log(field_case.log);
  Judgement judgement;
  compare_codes(field_case, text, judgement);
  if (text.primary) judgement.primary = text.explanations[*text.primary].explanation.sentence;
  for (const LoggedExplanation* entry : reading_order(text)) {
    for (const auto& cause : entry->explanation.causes) {
      const std::string name(knowledge::to_string(cause.cause_class));
      if (rank_of(name, judgement.classes) == 0) judgement.classes.push_back(name);
    }
  }
  judgement.rank = rank_of(field_case.cause_class, judgement.classes);
  return judgement;
}

std::vector<std::string> commonest_classes(const std::vector<FieldCase>& cases, std::size_t most) {
  std::map<std::string, int> counts;
  for (const auto& each : cases) {
    if (!each.held_out) ++counts[each.cause_class];
  }
  std::vector<std::pair<std::string, int>> sorted(counts.begin(), counts.end());
  std::ranges::stable_sort(sorted, std::greater{}, &std::pair<std::string, int>::second);
  std::vector<std::string> classes;
  for (const auto& [name, count] : sorted) {
    if (classes.size() < most) classes.push_back(name);
  }
  return classes;
}

}  // namespace tpmprobe::score
