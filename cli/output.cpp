// SPDX-License-Identifier: BSD-2-Clause
// Where a result goes and in which form. Words are declared and read first (declare_outputs,
// read_outputs; a format that a command does not have is refused in find_form and nowhere else);
// then files are tried (check_writable), and in the end written (end_with, write_outputs).
#include "cli/output.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "cli/arguments.h"
#include "cli/terminal/text_file.h"

namespace tpmprobe::cli {
namespace {

constexpr std::string_view kStandardOutput = "-";

using Forms = std::vector<Form>;

/// "text or json", "text, json or html".
std::string listed(const Forms& forms, std::string_view Form::* name, std::string_view last) {
  std::string text;
  for (const auto& form : forms) {
    if (&form != &forms.front()) text.append(&form == &forms.back() ? last : ", ");
    text.append(form.*name);
  }
  return text;
}

/// The row that `--format` names; nullopt if it was not given.
OutputExpected<std::optional<std::size_t>> find_form(const Forms& forms, std::string_view word) {
  if (word.empty()) return std::nullopt;
  const auto found = std::ranges::find(forms, word, &Form::word);
  if (found != forms.end()) return static_cast<std::size_t>(found - forms.begin());
  return tl::unexpected(
      fmt::format("unknown format \"{}\"; use {}", word, listed(forms, &Form::word, " or ")));
}

OutputExpected<Output> choose_output(const std::string& path, std::optional<std::size_t> chosen,
                                     const Forms& forms) {
  if (path.empty()) return tl::unexpected<std::string>("-o needs the name of a file, or -");
  if (path == kStandardOutput) return Output{path, chosen.value_or(0)};
  const auto found =
      std::ranges::find_if(forms, [&](const Form& form) { return path.ends_with(form.suffix); });
  if (found != forms.end()) return Output{path, static_cast<std::size_t>(found - forms.begin())};
  if (chosen) return Output{path, *chosen};
  return tl::unexpected("cannot tell the format of " + path + ": use a name that ends in " +
                        listed(forms, &Form::suffix, " or ") + ", or give --format");
}

OutputExpected<std::vector<Output>> choose_outputs(const std::vector<std::string>& paths,
                                                   std::optional<std::size_t> chosen,
                                                   const Forms& forms) {
  if (paths.empty()) {
    return std::vector<Output>{{std::string(kStandardOutput), chosen.value_or(0)}};
  }
  std::vector<Output> outputs;
  for (const auto& path : paths) {
    auto output = choose_output(path, chosen, forms);
    if (!output) return tl::unexpected(output.error());
    if (std::ranges::find(outputs, path, &Output::path) != outputs.end()) {
      return tl::unexpected("-o " + path + " is given twice");
    }
    outputs.push_back(*std::move(output));
  }
  return outputs;
}

tl::unexpected<std::string> cannot_write(std::string_view where, std::string_view reason) {
  std::string line = "cannot write ";
  return tl::unexpected(line.append(where).append(": ").append(reason));
}

OutputExpected<void> write_standard_output(const Output& output, const Render& render,
                                           Console& console) {
  errno = 0;
  render(output.form, console.out_style, console.out);
  console.out.flush();
  if (console.out) return {};
  return cannot_write("standard output", errno == 0 ? "write error" : std::strerror(errno));
}

/// Files get neither colour nor the width of a window that nobody will read them in.
text::TextStyle file_style(const Console& console) {
  text::TextStyle style;
  style.unicode = console.out_style.unicode;
  style.bits = console.out_style.bits;
  return style;
}

OutputExpected<void> write_output(const Output& output, const Render& render, Console& console) {
  if (output.path == kStandardOutput) return write_standard_output(output, render, console);
  std::ostringstream content;
  render(output.form, file_style(console), content);
  if (const auto reason = write_atomically(output.path, content.str())) {
    return cannot_write(output.path, *reason);
  }
  return {};
}

}  // namespace

void declare_files(Arguments& arguments, OutputWords& words, const Forms& forms) {
  arguments.option("--format", words.format, listed(forms, &Form::word, " or "));
  arguments.repeated(
      "-o,--output", words.paths,
      fmt::format("File to write to ({}), may be repeated", listed(forms, &Form::suffix, " or ")));
}

void declare_outputs(Arguments& arguments, OutputWords& words, const Forms& forms) {
  declare_files(arguments, words, forms);
  arguments.option("--color", words.colour, "auto, always or never");
}

OutputExpected<OutputChoice> read_outputs(const OutputWords& words, const Forms& forms) {
  const auto colour = parse_colour(words.colour);
  if (!colour) return tl::unexpected(std::string("--color must be auto, always or never"));
  const auto chosen = find_form(forms, words.format);
  if (!chosen) return tl::unexpected(chosen.error());
  return choose_outputs(words.paths, *chosen, forms).map([&](auto outputs) {
    return OutputChoice{std::move(outputs), *colour};
  });
}

OutputExpected<void> check_writable(const std::vector<Output>& outputs) {
  for (const auto& output : outputs) {
    if (output.path == kStandardOutput) continue;
    if (const auto reason = why_not_writable(output.path)) {
      return cannot_write(output.path, *reason);
    }
  }
  return {};
}

OutputExpected<void> open_outputs(const OutputChoice& choice, Console& console) {
  console.out_style = style_for(stream_facts(STDOUT_FILENO), process_environment, choice.colour);
  return check_writable(choice.outputs);
}

OutputExpected<void> write_outputs(const std::vector<Output>& outputs, const Render& render,
                                   Console& console) {
  OutputExpected<void> first_failure;
  for (const auto& output : outputs) {
    auto written = write_output(output, render, console);
    if (first_failure && !written) first_failure = std::move(written);
  }
  return first_failure;
}

int end_with(const Ending& ending, const Render& render, Console& console) {
  const auto written = write_outputs(ending.outputs, render, console);
  return written ? ending.code : complain(console, ending.command, written.error(), kExitUsage);
}

}  // namespace tpmprobe::cli
