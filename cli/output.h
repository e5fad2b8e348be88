// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "cli/terminal/console.h"

namespace tpmprobe::cli {

/// The forms of a report.
enum class Format { text, json };

/// "text" or "json"; nullopt for anything else.
std::optional<Format> parse_format(std::string_view word);

/// One place a report goes to.
struct Output {
  std::string path;  ///< "-" is standard output
  Format format = Format::text;
  bool operator==(const Output&) const = default;
};

/// Failure is one line for a person: "cannot write /x/y.json: No such file or directory".
template <typename T>
using OutputExpected = tl::expected<T, std::string>;

/// Joins every `-o FILE` with its format: by suffix (.json, .txt), else by `--format`; standard
/// output is text if nothing else is said, and is what is meant if there is no `-o`. Fails for a
/// file whose format nobody told, and for one named twice.
OutputExpected<std::vector<Output>> choose_outputs(const std::vector<std::string>& paths,
                                                   std::optional<Format> format);

/// Proves that all files can be written, and leaves nothing there: for use before a long run, so
/// that no result is lost. Only a regular file, or nothing, may be at a path.
OutputExpected<void> check_writable(const std::vector<Output>& outputs);

/// Writes a report in a format; the width is that of the console, or 100 for a file.
using Render = std::function<void(Format format, const text::TextStyle& style, std::ostream& out)>;

/// Writes all outputs. A file appears whole or not at all: it is written beside its place, flushed
/// to the disk and renamed. All are tried; the first failure is returned.
OutputExpected<void> write_outputs(const std::vector<Output>& outputs, const Render& render,
                                   Console& console);

}  // namespace tpmprobe::cli
