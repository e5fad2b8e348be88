// SPDX-License-Identifier: BSD-2-Clause
#include "reports/explain_log.h"

#include <algorithm>
#include <utility>

namespace tpmprobe::reports {
namespace {

using knowledge::CommandInfo;
using knowledge::RcSeverity;

constexpr std::size_t kMostExplanations = 4096;
constexpr std::size_t kMostOctets = 1000;  ///< of a line that is kept

/// Small is what a person should read first.
int rank(const Explanation& explanation) {
  if (explanation.severity == RcSeverity::error) return 0;
  if (explanation.severity == RcSeverity::warning) {
    return knowledge::is_retry_code(explanation.decoded.value) ? 1 : 0;
  }
  return explanation.severity == RcSeverity::follow_up ? 2 : 3;
}

std::optional<std::size_t> choose_primary(const std::vector<LoggedExplanation>& explanations) {
  if (explanations.empty()) return std::nullopt;
  const auto first = std::ranges::min_element(
      explanations, {}, [](const LoggedExplanation& entry) { return rank(entry.explanation); });
  return static_cast<std::size_t>(first - explanations.begin());
}

}  // namespace

void LogExplainer::read_line(std::string_view line) {
  ++text_.lines;
  text_.is_log = true;
  for (const auto& mention : knowledge::find_codes(line)) add(mention, line);
}

void LogExplainer::add_word(const knowledge::CodeMention& mention, std::string_view text) {
  ++text_.lines;
  add(mention, text);
}

/// A library prints one failure in several lines, and not all of them name the command: an entry
/// without command is the same as one with.
LoggedExplanation* LogExplainer::find_same(std::uint32_t code, const CommandInfo* command) {
  for (auto& entry : text_.explanations) {
    const CommandInfo* other = entry.explanation.command;
    const bool same_command = other == command || other == nullptr || command == nullptr;
    if (entry.explanation.decoded.value == code && same_command) return &entry;
  }
  return nullptr;
}

void LogExplainer::add(const knowledge::CodeMention& mention, std::string_view text) {
  const CommandInfo* command = mention.command != nullptr ? mention.command : command_;
  if (LoggedExplanation* same = find_same(mention.code, command)) {
    if (same->explanation.command == nullptr && command != nullptr) {
      same->explanation = explain(mention.code, command);
    }
    ++same->count;
    same->last_line = text_.lines;
    return;
  }
  if (text_.explanations.size() == kMostExplanations) {
    text_.overflowed = true;
    return;
  }
  text_.explanations.push_back({explain(mention.code, command),
                                std::string(text.substr(0, kMostOctets)), mention.note, 1,
                                text_.lines, text_.lines});
}

ExplainedText LogExplainer::finish() && {
  text_.primary = choose_primary(text_.explanations);
  return std::move(text_);
}

}  // namespace tpmprobe::reports
