// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

#include "cli/terminal/console.h"

namespace tpmprobe::cli {

/// What `--color` says.
enum class ColourChoice { automatic, always, never };

/// "auto", "always" or "never"; nullopt for anything else.
std::optional<ColourChoice> parse_colour(std::string_view word);

/// Value of an environment variable, nullopt if it is not set.
using Environment = std::function<std::optional<std::string>(const char* name)>;

/// Environment of this process.
std::optional<std::string> process_environment(const char* name);

/// Where a stream leads.
struct StreamFacts {
  bool is_terminal = false;
  std::optional<int> columns;  ///< of the terminal's window, if it tells
};

/// Asks the operating system about a file descriptor.
StreamFacts stream_facts(int descriptor);

/// What may be written to a stream. Colour: `--color`, then NO_COLOR (set and not empty: none),
/// then CLICOLOR_FORCE (set, not empty, not 0), then only on a terminal whose TERM is set and not
/// "dumb". Width: COLUMNS, then the window, then 100; from 40 to 240. Unicode if the first set one
/// of LC_ALL, LC_CTYPE and LANG names UTF-8.
text::TextStyle style_for(const StreamFacts& stream, const Environment& environment,
                          ColourChoice colour);

/// The console of a program with these three streams on descriptors 0, 1 and 2.
Console make_console(std::istream& in, std::ostream& out, std::ostream& err, ColourChoice colour);

/// This process may write to its terminal now: it is not a background job of the shell.
bool in_terminal_foreground(int descriptor);

}  // namespace tpmprobe::cli
