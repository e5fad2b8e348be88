// SPDX-License-Identifier: BSD-2-Clause
#include "explain/primary.h"

#include <algorithm>

#include "explain/log.h"

namespace tpmprobe::explain {
namespace {

using knowledge::RcSeverity;

/// Small is what a person should read first.
int rank(const LoggedExplanation& entry) {
  const Explanation& explanation = entry.explanation;
  if (explanation.severity == RcSeverity::error) return 0;
  if (explanation.severity == RcSeverity::warning) {
    return knowledge::is_retry_code(explanation.decoded.value) ? 1 : 0;
  }
  return explanation.severity == RcSeverity::follow_up ? 2 : 3;
}

bool is_root(const LoggedExplanation& entry) {
  return entry.explanation.message != nullptr && entry.explanation.message->is_root &&
         rank(entry) == 0;
}

bool are_near(const LoggedExplanation& a, const LoggedExplanation& b) {
  return a.first_line <= b.last_line + kNearLines && b.first_line <= a.last_line + kNearLines;
}

}  // namespace

std::optional<std::size_t> choose_primary(const std::vector<LoggedExplanation>& explanations) {
  if (explanations.empty()) return std::nullopt;
  auto first = std::ranges::min_element(explanations, {}, rank);
  const auto root = std::ranges::find_if(explanations, [&](const LoggedExplanation& entry) {
    return is_root(entry) && are_near(entry, *first);
  });
  if (root != explanations.end() && !is_root(*first)) first = root;
  return static_cast<std::size_t>(first - explanations.begin());
}

}  // namespace tpmprobe::explain
