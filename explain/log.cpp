// SPDX-License-Identifier: BSD-2-Clause
#include "explain/log.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "explain/read/messages.h"

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

/// Index of what a person should read first; nullopt if there is nothing.
std::optional<std::size_t> choose_primary(const std::vector<LoggedExplanation>& explanations) {
  if (explanations.empty()) return std::nullopt;
  auto first = std::ranges::min_element(explanations, {}, rank);
  const auto root = std::ranges::find_if(explanations, [&](const LoggedExplanation& entry) {
    return is_root(entry) && are_near(entry, *first);
  });
  if (root != explanations.end() && !is_root(*first)) first = root;
  return static_cast<std::size_t>(first - explanations.begin());
}

constexpr std::size_t kMostSearched = 1000;  ///< of a line that are searched for words

}  // namespace

void Neighbourhood::push(std::string_view line) {
  ++lines_;
  Line& next = last_.at(lines_ % kNearLines);
  next.text.assign(line.substr(0, kMostSearched));
  next.is_read = false;
}

void Neighbourhood::open(std::size_t entry) {
  std::erase_if(open_, [&](const Open& other) { return other.entry == entry; });
  open_.push_back({entry, lines_});
}

const std::vector<Neighbourhood::Open>& Neighbourhood::open_entries() {
  if (!open_.empty()) {
    std::erase_if(open_, [&](const Open& each) { return lines_ - each.last_line >= kNearLines; });
  }
  return open_;
}

knowledge::ContextWords Neighbourhood::words_before() {
  knowledge::ContextWords words;
  for (Line& line : last_) words |= words_of(line);
  return words;
}

const knowledge::ContextWords& Neighbourhood::words_here() {
  return words_of(last_.at(lines_ % kNearLines));
}

const knowledge::ContextWords& Neighbourhood::words_of(Line& line) {
  if (!line.is_read) line.words = find_context(line.text);
  line.is_read = true;
  return line.words;
}

namespace {

using knowledge::CommandInfo;
using knowledge::RcSeverity;

constexpr std::size_t kMostExplanations = 4096;
constexpr std::size_t kMostOctets = 1000;  ///< of a line that is kept
/// Around so many lines of one finding other lines are read: what the log has said by then, it
/// says.
constexpr std::size_t kMostStories = 32;

/// The line without the sequences that colour it: "ESC [ 1 ; 31 m".
std::string without_colours(std::string_view line) {
  std::string text;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '\x1b' || i + 1 == line.size() || line[i + 1] != '[') {
      text += line[i];
      continue;
    }
    i += 2;
    while (i < line.size() && (line[i] < '@' || line[i] > '~')) ++i;
  }
  return text;
}

bool is_error_of_tpm(const Explanation& explanation) {
  return explanation.message == nullptr && explanation.decoded.is_tpm_code() &&
         explanation.severity <= RcSeverity::warning;
}

/// Says it all again, now that everything near is known.
void explain_again(LoggedExplanation& entry) {
  Explanation& explanation = entry.explanation;
  explanation = explanation.message != nullptr
                    ? explain(*explanation.message, entry.nearby)
                    : explain(explanation.decoded.value, explanation.command, entry.nearby);
}

}  // namespace

void LogExplainer::read_line(std::string_view line) {
  ++text_.lines;
  text_.is_log = true;
  neighbourhood_.push(line);
  line.find('\x1b') == std::string_view::npos ? read_findings(line)
                                              : read_findings(without_colours(line));
  for (const auto& open : neighbourhood_.open_entries()) {
    text_.explanations[open.entry].nearby |= neighbourhood_.words_here();
  }
}

/// A text beside a code says no more than the code, if it does not say why.
void LogExplainer::read_findings(std::string_view line) {
  auto mentions = may_hold_code(line) ? find_codes(line) : std::vector<CodeMention>{};
  const auto* message = may_hold_message(line) ? find_message(line) : nullptr;
  for (auto& mention : mentions) {
    if (mention.command == nullptr && message != nullptr) {
      mention.command = knowledge::find_command(message->command);
    }
    add(mention, line);
  }
  if (message != nullptr && (mentions.empty() || message->is_root)) add(*message, line);
}

void LogExplainer::add_word(const CodeMention& mention, std::string_view text) {
  ++text_.lines;
  neighbourhood_.push({});
  add(mention, text);
}

/// A library prints one failure in several lines, and not all of them name the command: an entry
/// without command is the same as one with.
LoggedExplanation* LogExplainer::find_same(std::uint32_t code, const CommandInfo* command) {
  for (auto& entry : text_.explanations) {
    const CommandInfo* other = entry.explanation.command;
    const bool same_command = other == command || other == nullptr || command == nullptr;
    const bool same_code =
        entry.explanation.message == nullptr && entry.explanation.decoded.value == code;
    if (same_code && same_command) return &entry;
  }
  return nullptr;
}

void LogExplainer::add(const CodeMention& mention, std::string_view text) {
  const CommandInfo* command = mention.command != nullptr ? mention.command : command_;
  if (LoggedExplanation* same = find_same(mention.code, command)) {
    if (same->explanation.command == nullptr && command != nullptr) {
      same->explanation = explain(mention.code, command);
    }
    return repeat(*same);
  }
  add_entry({.explanation = explain(mention.code, command),
             .text = std::string(text.substr(0, kMostOctets)),
             .note = mention.note,
             .nearby = {}});
}

void LogExplainer::add(const knowledge::MessageInfo& message, std::string_view text) {
  const auto same =
      std::ranges::find(text_.explanations, &message,
                        [](const LoggedExplanation& entry) { return entry.explanation.message; });
  if (same != text_.explanations.end()) return repeat(*same);
  add_entry({.explanation = explain(message),
             .text = std::string(text.substr(0, kMostOctets)),
             .note = {},
             .nearby = {}});
}

void LogExplainer::repeat(LoggedExplanation& entry) {
  ++entry.count;
  entry.last_line = text_.lines;
  if (entry.count > kMostStories) return;
  neighbourhood_.open(static_cast<std::size_t>(&entry - text_.explanations.data()));
}

void LogExplainer::add_entry(LoggedExplanation entry) {
  if (text_.explanations.size() == kMostExplanations) {
    text_.overflowed = true;
    return;
  }
  entry.first_line = entry.last_line = text_.lines;
  entry.nearby = neighbourhood_.words_before();
  const bool after_error =
      std::ranges::any_of(neighbourhood_.open_entries(), [&](const Neighbourhood::Open& open) {
        return is_error_of_tpm(text_.explanations[open.entry].explanation);
      });
  if (after_error && after_tpm_error() < entry.nearby.size()) {
    entry.nearby.set(after_tpm_error());
  }
  text_.explanations.push_back(std::move(entry));
  neighbourhood_.open(text_.explanations.size() - 1);
}

ExplainedText LogExplainer::finish() && {
  for (auto& entry : text_.explanations) {
    if (text_.is_log) explain_again(entry);
  }
  text_.primary = choose_primary(text_.explanations);
  return std::move(text_);
}

}  // namespace tpmprobe::explain
