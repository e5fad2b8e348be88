// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "cli/terminal/console.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace tpmprobe::cli {

/// An option that was declared, for saying what its value may be and what it goes together with.
/// Other options are named as they are written, "--only", and were declared before.
class Option {
 public:
  explicit Option(CLI::Option* option) : option_(option) {}

  /// The value is one of these words.
  const Option& one_of(const std::vector<std::string>& words) const;
  /// The value is a number from `first` to `last`.
  const Option& between(std::uint16_t first, std::uint16_t last) const;
  const Option& excludes(const std::string& name) const;
  const Option& needs(const std::string& name) const;

 private:
  CLI::Option* option_;
};

/// The words after the name of a command: what they may be is declared, then they are read. `names`
/// are "--name" or "-n,--name"; the values outlive this, and keep what they are if nothing is said.
class Arguments {
 public:
  /// `command` is the word after `tpmprobe`, `summary` the first line of its help.
  Arguments(std::string command, const std::string& summary);
  Arguments(const Arguments&) = delete;
  Arguments& operator=(const Arguments&) = delete;
  ~Arguments();

  Option flag(const std::string& names, bool& value, const std::string& help);
  Option option(const std::string& names, std::string& value, const std::string& help);
  Option option(const std::string& names, std::optional<std::string>& value,
                const std::string& help);
  Option option(const std::string& names, std::optional<std::uint16_t>& value,
                const std::string& help);
  /// An option with one value each time that it is given.
  Option repeated(const std::string& names, std::vector<std::string>& values,
                  const std::string& help);
  /// All words that belong to no option; `name` stands for them in the help.
  Option others(const std::string& name, std::vector<std::string>& values, const std::string& help);
  /// What stands below the help.
  void footer(const std::string& text);

  /// Reads the words. If that ends the command (--help, or words that are wrong, which is said in
  /// one line) the value is the exit code.
  tl::expected<void, ExitCode> read(const std::vector<std::string>& words, Console& console);

  /// Says in one line why the words are refused; the value is kExitUsage.
  tl::unexpected<ExitCode> refuse(std::string why, Console& console) const;

  /// What --help prints.
  [[nodiscard]] std::string help() const;

 private:
  std::string command_;
  std::unique_ptr<CLI::App> app_;
};

/// How many letters must change to make one word of the other (Levenshtein distance).
std::size_t letters_between(std::string_view a, std::string_view b);

/// Which of `all` a person may have meant by `word`, at most `limit`: those that contain it, or
/// differ in no more than three letters, the nearest first. Case is ignored.
std::vector<std::string_view> near_words(std::string_view word,
                                         const std::vector<std::string_view>& all,
                                         std::size_t limit);

}  // namespace tpmprobe::cli
