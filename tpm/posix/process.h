// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tpm/posix/child.h"

namespace tpmprobe::tpm {

/// Variables that a program gets beside ours; no value removes one.
using EnvironmentChanges = std::vector<std::pair<std::string, std::optional<std::string>>>;

/// Our environment with these changes, each as "NAME=value".
std::vector<std::string> environment_with(const EnvironmentChanges& changes);

/// The strings as execve(2) takes them; they must outlive the answer unchanged.
std::vector<char*> pointers_to(std::vector<std::string>& strings);

/// How a program is started; the defaults are right for most.
struct ProcessOptions {
  EnvironmentChanges environment;
  /// Its working directory, ours if empty.
  std::string directory;
  /// What it reads on standard input, which then ends. It has no terminal to ask on.
  std::string input;
  /// For ChildProcess: open descriptors (a log file) for its output and its errors, -1 for a pipe.
  int output_fd = -1;
  int error_fd = -1;
  /// For run_process: it is killed after this long ...
  Duration timeout = std::chrono::seconds(30);
  /// ... or within a tenth of a second once this is set; may be null ...
  const std::atomic<bool>* stop = nullptr;
  /// ... and no more octets than these are kept of its output, and of its errors.
  std::size_t output_limit = std::size_t{1} << 20;
};

/// What a program left behind that ran to its end.
struct ProcessResult {
  ExitStatus status;
  std::string output;
  std::string errors;
  bool truncated = false;  ///< one of the two was longer than the limit
};

/// A program that runs beside us. It is killed when its owner goes, and by the kernel when the
/// *thread* that started it ends in any way, kill -9 included: start it from a thread that stays.
class ChildProcess {
 public:
  /// Starts `argv` (argv[0] is looked up by find_program if it has no slash). A program that cannot
  /// be executed is an Error here: no_access or io, the message names the program.
  static Expected<ChildProcess> start(const std::vector<std::string>& argv,
                                      const ProcessOptions& options = {});

  /// Waiting for its end, its process id, killing it.
  Child& child() { return child_; }

  /// Reading ends of the pipes from its standard output and errors, non-blocking; empty if the
  /// options named a descriptor.
  UniqueFd& output() { return output_; }
  UniqueFd& errors() { return errors_; }

 private:
  Child child_;
  UniqueFd output_;
  UniqueFd errors_;
};

/// Runs `argv` to its end. Error: it could not be started; timeout or interrupted (then it was
/// killed). Any exit status is a success here.
Expected<ProcessResult> run_process(const std::vector<std::string>& argv,
                                    const ProcessOptions& options = {});

/// Where a program is: in $PATH, or in the sbin folders, which a user's $PATH often lacks (sshd,
/// tpm2-abrmd). A name with a slash is only checked. Nothing if there is no such executable file.
std::optional<std::string> find_program(std::string_view name);

}  // namespace tpmprobe::tpm
