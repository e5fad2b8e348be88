// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tpm/posix/process.h"

/// The program as a person runs it: the binary, in a process.
namespace tpmprobe::suites {

using Words = std::vector<std::string>;

/// Variables set beside ours; no value removes one.
using Environment = std::vector<std::pair<std::string, std::optional<std::string>>>;

/// What a program left behind.
struct ProgramResult {
  tpm::ExitStatus status;
  std::string output, errors;
};

/// Path of the binary under test.
std::string tpmprobe_path();

/// A program that is under way. Its environment names no TPM and no bus but what a test says.
class RunningProgram {
 public:
  /// Throws std::runtime_error if it cannot be started.
  explicit RunningProgram(const Words& argv, const Environment& environment = {});

  [[nodiscard]] pid_t pid() { return process_->child().pid(); }

  /// Sends a signal to it alone.
  void signal(int number);

  /// Waits until a signal that was sent has arrived, and the program waits for something again.
  void wait_until_delivered(int number);

  /// Looks until this holds; false if the program ends before.
  [[nodiscard]] bool wait_until(const std::function<bool()>& condition);

  /// It has not ended.
  [[nodiscard]] bool is_running();

  /// What it has written so far.
  [[nodiscard]] std::string output() const;
  [[nodiscard]] std::string errors() const;

  /// Waits for its end. A program that does not end is a failure of the test, and killed.
  ProgramResult wait();

 private:
  tpm::UniqueFd output_, errors_;
  Expected<tpm::ChildProcess> process_;
};

/// Runs a program to its end.
ProgramResult run_program(const Words& argv, const Environment& environment = {});

/// Runs `tpmprobe` with these words to its end.
ProgramResult run_tpmprobe(const Words& words, const Environment& environment = {});

/// `tpmprobe` and these words.
Words tpmprobe(const Words& words);

/// The lines of a text, without their ends.
std::vector<std::string> lines_of(const std::string& text);

/// What a file holds; empty if there is none.
std::string content_of(const std::string& path);

}  // namespace tpmprobe::suites
