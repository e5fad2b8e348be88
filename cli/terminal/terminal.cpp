// SPDX-License-Identifier: BSD-2-Clause
// What is known about the streams of the program and about the terminal behind them. style_for()
// decides what may be written; the functions above it answer one question each: colour, width,
// characters, links. make_console() asks them for this process.
#include "cli/terminal/terminal.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <ostream>

#include <fmt/ostream.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace tpmprobe::cli {
namespace {

constexpr int kDefaultWidth = 100;
constexpr int kLeastWidth = 40;
constexpr int kMostWidth = 240;

// Terminals that say who they are and draw OSC 8 hyperlinks; others may print the sequence.
constexpr std::array kLinkingTerminals{"KITTY_WINDOW_ID", "KONSOLE_VERSION", "WEZTERM_PANE",
                                       "WT_SESSION", "VTE_VERSION"};

std::string value_or_empty(const Environment& environment, const char* name) {
  return environment(name).value_or("");
}

bool is_dumb(const Environment& environment) {
  const auto term = value_or_empty(environment, "TERM");
  return term.empty() || term == "dumb";
}

bool automatic_colour(const StreamFacts& stream, const Environment& environment) {
  if (!value_or_empty(environment, "NO_COLOR").empty()) return false;
  const auto forced = value_or_empty(environment, "CLICOLOR_FORCE");
  if (!forced.empty() && forced != "0") return true;
  return stream.is_terminal && !is_dumb(environment);
}

bool wants_colour(const StreamFacts& stream, const Environment& environment, ColourChoice colour) {
  if (colour == ColourChoice::automatic) return automatic_colour(stream, environment);
  return colour == ColourChoice::always;
}

std::optional<int> parse_columns(std::string_view text) {
  int columns = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, columns);
  if (read.ec != std::errc() || read.ptr != end || columns <= 0) return std::nullopt;
  return columns;
}

int width_of(const StreamFacts& stream, const Environment& environment) {
  const auto wanted = parse_columns(value_or_empty(environment, "COLUMNS"));
  const int width = wanted.value_or(stream.columns.value_or(kDefaultWidth));
  return std::clamp(width, kLeastWidth, kMostWidth);
}

bool names_utf8(std::string locale) {
  std::ranges::transform(locale, locale.begin(),
                         [](unsigned char letter) { return std::tolower(letter); });
  return locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
}

bool has_unicode(const Environment& environment) {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const auto locale = value_or_empty(environment, name);
    if (!locale.empty()) return names_utf8(locale);
  }
  return false;
}

bool draws_links(const StreamFacts& stream, const Environment& environment) {
  if (!stream.is_terminal || is_dumb(environment)) return false;
  return std::ranges::any_of(kLinkingTerminals,
                             [&](const char* name) { return environment(name).has_value(); });
}

}  // namespace

std::optional<ColourChoice> parse_colour(std::string_view word) {
  if (word == "auto") return ColourChoice::automatic;
  if (word == "always") return ColourChoice::always;
  if (word == "never") return ColourChoice::never;
  return std::nullopt;
}

std::optional<std::string> process_environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

StreamFacts stream_facts(int descriptor) {
  StreamFacts facts{isatty(descriptor) == 1, std::nullopt};
  winsize window{};
  if (facts.is_terminal && ioctl(descriptor, TIOCGWINSZ, &window) == 0 && window.ws_col > 0) {
    facts.columns = window.ws_col;
  }
  return facts;
}

text::TextStyle style_for(const StreamFacts& stream, const Environment& environment,
                          ColourChoice colour) {
  return {width_of(stream, environment), wants_colour(stream, environment, colour),
          has_unicode(environment), draws_links(stream, environment)};
}

Console make_console(std::istream& in, std::ostream& out, std::ostream& err, ColourChoice colour) {
  const auto out_facts = stream_facts(STDOUT_FILENO);
  const auto err_facts = stream_facts(STDERR_FILENO);
  return {in,
          out,
          err,
          isatty(STDIN_FILENO) == 1,
          err_facts.is_terminal,
          style_for(out_facts, process_environment, colour),
          style_for(err_facts, process_environment, colour)};
}

int complain(Console& console, std::string_view command, std::string_view why, int code) {
  fmt::print(console.err, "tpmprobe {}: {}\n", command, why);
  console.err.flush();
  return code;
}

bool in_terminal_foreground(int descriptor) {
  return tcgetpgrp(descriptor) == getpgrp();
}

}  // namespace tpmprobe::cli
