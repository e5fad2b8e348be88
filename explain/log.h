// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "explain/explanation.h"
#include "explain/read/decoder_texts.h"
#include "knowledge/context.h"

namespace tpmprobe::explain {

/// So many lines before and after a finding can belong to its story.
inline constexpr std::size_t kNearLines = 20;

/// Remembers the last lines of a log, and which findings are so near to the next ones that these
/// still say something about them. Lines far from any finding are copied and never looked at.
class Neighbourhood {
 public:
  /// A finding whose story is still open.
  struct Open {
    std::size_t entry;      ///< whatever number the owner gives it
    std::size_t last_line;  ///< the last in which it was found
  };

  /// Takes the next line, which becomes number `line_number()`.
  void push(std::string_view line);

  /// What `push` took so far.
  [[nodiscard]] std::size_t line_number() const { return lines_; }

  /// Opens the story of an entry, or keeps it open from this line on.
  void open(std::size_t entry);

  /// The entries that the current line is near to.
  [[nodiscard]] const std::vector<Open>& open_entries();

  /// The context words of the current line and of those before it that are near.
  [[nodiscard]] knowledge::ContextWords words_before();

  /// The context words of the current line.
  [[nodiscard]] const knowledge::ContextWords& words_here();

 private:
  struct Line {
    std::string text;
    knowledge::ContextWords words;
    bool is_read = true;
  };
  const knowledge::ContextWords& words_of(Line& line);

  std::size_t lines_ = 0;
  std::array<Line, kNearLines> last_;
  std::vector<Open> open_;
};

/// A code or a text explained, with where it was found.
struct LoggedExplanation {
  Explanation explanation;
  std::string text;  ///< the words, or the first line, in which it was found
  std::string note;  ///< how the words were read, if that was a choice
  std::size_t count = 1;
  std::size_t first_line = 1, last_line = 1;  ///< from 1
  knowledge::ContextWords nearby;             ///< what stands in these lines and around them
};

/// What was found in words or in a log.
struct ExplainedText {
  std::vector<LoggedExplanation> explanations;  ///< in the order in which they were first found
  /// Index of the one to read first; nullopt if there are none.
  std::optional<std::size_t> primary;
  bool is_log = false;      ///< lines of a log, and not codes that somebody asked for
  std::size_t lines = 0;    ///< that were read
  bool overflowed = false;  ///< there were more different codes than are kept
};

/// Gathers the codes and the known texts of a log line by line. Keeps one entry for each code and
/// command and for each text, and a bounded number of them, so that memory does not grow with the
/// log.
class LogExplainer {
 public:
  /// `command` is the one that answered, where the log does not say; null if not known.
  explicit LogExplainer(const knowledge::CommandInfo* command = nullptr) : command_(command) {}

  /// Looks for codes and known texts in the next line.
  void read_line(std::string_view line);

  /// Takes a code that was read from the words `text`, as if they were the next line.
  void add_word(const CodeMention& mention, std::string_view text);

  /// What was found, with the primary chosen: the first error, else the first warning (a retry last
  /// of these), else a follow-up, else what is harmless. Before an error goes a text nearby that
  /// says why it came.
  ExplainedText finish() &&;

 private:
  void read_findings(std::string_view line);
  void add(const CodeMention& mention, std::string_view text);
  void add(const knowledge::MessageInfo& message, std::string_view text);
  void add_entry(LoggedExplanation entry);
  void repeat(LoggedExplanation& entry);
  LoggedExplanation* find_same(std::uint32_t code, const knowledge::CommandInfo* command);

  const knowledge::CommandInfo* command_;
  ExplainedText text_;
  Neighbourhood neighbourhood_;
};

}  // namespace tpmprobe::explain
