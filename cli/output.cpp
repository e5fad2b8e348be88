// SPDX-License-Identifier: BSD-2-Clause
#include "cli/output.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <sstream>
#include <utility>

#include "cli/terminal/atomic_file.h"

namespace tpmprobe::cli {
namespace {

constexpr std::string_view kStandardOutput = "-";

std::optional<Format> format_by_suffix(std::string_view path) {
  if (path.ends_with(".json")) return Format::json;
  if (path.ends_with(".txt")) return Format::text;
  return std::nullopt;
}

OutputExpected<Output> choose_output(const std::string& path, std::optional<Format> format) {
  if (path.empty()) return tl::unexpected<std::string>("-o needs the name of a file, or -");
  if (path == kStandardOutput) return Output{path, format.value_or(Format::text)};
  const auto chosen = format_by_suffix(path);
  if (chosen) return Output{path, *chosen};
  if (format) return Output{path, *format};
  return tl::unexpected("cannot tell the format of " + path +
                        ": let it end in .json or .txt, or give --format");
}

tl::unexpected<std::string> cannot_write(std::string_view where, std::string_view reason) {
  std::string line = "cannot write ";
  return tl::unexpected(line.append(where).append(": ").append(reason));
}

OutputExpected<void> write_standard_output(const Output& output, const Render& render,
                                           Console& console) {
  errno = 0;
  render(output.format, console.out_style, console.out);
  console.out.flush();
  if (console.out) return {};
  return cannot_write("standard output", errno == 0 ? "write error" : std::strerror(errno));
}

/// Files get neither colour nor the width of a window that nobody will read them in.
text::TextStyle file_style(const Console& console) {
  text::TextStyle style;
  style.unicode = console.out_style.unicode;
  return style;
}

OutputExpected<void> write_output(const Output& output, const Render& render, Console& console) {
  if (output.path == kStandardOutput) return write_standard_output(output, render, console);
  std::ostringstream content;
  render(output.format, file_style(console), content);
  if (const auto reason = write_atomically(output.path, content.str())) {
    return cannot_write(output.path, *reason);
  }
  return {};
}

}  // namespace

std::optional<Format> parse_format(std::string_view word) {
  if (word == "text") return Format::text;
  if (word == "json") return Format::json;
  return std::nullopt;
}

OutputExpected<std::vector<Output>> choose_outputs(const std::vector<std::string>& paths,
                                                   std::optional<Format> format) {
  if (paths.empty()) {
    return std::vector<Output>{{std::string(kStandardOutput), format.value_or(Format::text)}};
  }
  std::vector<Output> outputs;
  for (const auto& path : paths) {
    auto output = choose_output(path, format);
    if (!output) return tl::unexpected(output.error());
    if (std::ranges::find(outputs, path, &Output::path) != outputs.end()) {
      return tl::unexpected("-o " + path + " is given twice");
    }
    outputs.push_back(*std::move(output));
  }
  return outputs;
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

OutputExpected<void> write_outputs(const std::vector<Output>& outputs, const Render& render,
                                   Console& console) {
  OutputExpected<void> first_failure;
  for (const auto& output : outputs) {
    auto written = write_output(output, render, console);
    if (first_failure && !written) first_failure = std::move(written);
  }
  return first_failure;
}

}  // namespace tpmprobe::cli
