// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "cli/terminal/terminal.h"

namespace tpmprobe::cli {

class Arguments;

/// What a user calls one of the forms in which a command writes.
struct Form {
  std::string_view word;    ///< of --format: "json"
  std::string_view suffix;  ///< of a file: ".json"
};

/// A row of the table of a command's formats. The first is what standard output gets if nothing
/// else is said.
template <typename Value>
struct Format : Form {
  void (*write)(const Value& value, const text::TextStyle& style, std::ostream& out);
};

/// What a user calls the rows of a table.
template <typename Table>
std::vector<Form> forms_of(const Table& formats) {
  return {formats.begin(), formats.end()};
}

/// One place a result goes to.
struct Output {
  std::string path;      ///< "-" is standard output
  std::size_t form = 0;  ///< row of the command's formats
  bool operator==(const Output&) const = default;
};

/// The words that say where a result goes, as they are.
struct OutputWords {
  std::vector<std::string> paths;
  std::string format, colour = "auto";
};

/// What they mean.
struct OutputChoice {
  std::vector<Output> outputs;
  ColourChoice colour = ColourChoice::automatic;
};

/// Declares --format and --output; `words` outlives the arguments.
void declare_files(Arguments& arguments, OutputWords& words, const std::vector<Form>& forms);

/// Declares these and --color.
void declare_outputs(Arguments& arguments, OutputWords& words, const std::vector<Form>& forms);

/// Failure is one line for a person: "cannot write /x/y.json: No such file or directory".
template <typename T>
using OutputExpected = tl::expected<T, std::string>;

/// What the words mean. Joins every `-o FILE` with its format: by suffix, else by `--format`;
/// standard output is what is meant if there is no `-o`. Fails for a format that the command does
/// not have, for a file whose format nobody told, and for one named twice.
OutputExpected<OutputChoice> read_outputs(const OutputWords& words, const std::vector<Form>& forms);

/// Proves that all files can be written, and leaves nothing there: for use before a long run, so
/// that no result is lost. Only a regular file, or nothing, may be at a path.
OutputExpected<void> check_writable(const std::vector<Output>& outputs);

/// The same, and gives standard output the colour that was chosen.
OutputExpected<void> open_outputs(const OutputChoice& choice, Console& console);

/// Writes a result in a form; the width is that of the console, or 100 for a file.
using Render =
    std::function<void(std::size_t form, const text::TextStyle& style, std::ostream& out)>;

/// Writes all outputs. A file appears whole or not at all: it is written beside its place, flushed
/// to the disk and renamed. All are tried; the first failure is returned.
OutputExpected<void> write_outputs(const std::vector<Output>& outputs, const Render& render,
                                   Console& console);

/// How a command ends that has a result: written to all outputs, and with an exit code.
struct Ending {
  std::string_view command;  ///< who says what could not be written; the code is then kExitUsage
  const std::vector<Output>& outputs;
  int code = kExitOk;
};

/// Writes all outputs; the value is the exit code.
int end_with(const Ending& ending, const Render& render, Console& console);

/// Writes a value to all outputs, by the rows of `formats`; the value is the exit code.
template <typename Value, typename Table>
int end_with(const Ending& ending, const Value& value, const Table& formats, Console& console) {
  const Render render = [&](std::size_t form, const text::TextStyle& style, std::ostream& out) {
    formats[form].write(value, style, out);
  };
  return end_with(ending, render, console);
}

}  // namespace tpmprobe::cli
