// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "knowledge/capabilities.h"
#include "result/result.h"
#include "tpm/layers/journal_layer.h"
#include "tpm/posix/process.h"

namespace tpmprobe::walks {

/// A program of the way to a login, and Debian's package that has it.
struct WayProgram {
  std::string_view name, package;
};

/// Every program that the PKCS#11 way runs.
std::span<const WayProgram> pkcs11_programs();

/// Those that every way runs.
std::span<const WayProgram> login_programs();

/// "sshd is not installed (package openssh-server)" for the first that is missing.
std::optional<std::string> missing_program(std::span<const WayProgram> programs);

/// Path of tpm2-pkcs11's module, by its name in the folders where distributions put it.
std::optional<std::string> pkcs11_module();

/// What is known of a step that failed.
struct FailedStep {
  std::string_view program;                      ///< that ended badly: "tpm2_ptool", "ssh"
  std::span<const std::string> lines;            ///< what it and its helpers wrote
  std::span<const tpm::JournalEntry> exchanges;  ///< what the TPM really answered meanwhile
};

/// Whose failure it is.
struct Blame {
  std::string layer;  ///< "TPM", "tss2", "tpm2-abrmd", "tpm2-pkcs11", "tpm2_ptool", "OpenSSH"
  Verdict verdict = Verdict::fail;
  std::optional<std::uint32_t> rc, command;  ///< of the answer that decides
  std::optional<std::string> cause, advice;  ///< where the fact is known
};

/// Decides from the recorded answers first and from texts only where the TPM answered nothing bad:
/// programs print errors of the TPM that did no harm, and hide the one that did.
Blame blame(const FailedStep& step);

/// What the ways to a login share: a private folder, the TPM's server, and what came of the steps.
struct WayBench {
  std::filesystem::path folder;   ///< private, removed by somebody else
  std::string tcti;               ///< of the server: "swtpm:path=…"
  std::filesystem::path journal;  ///< what passes the server, tpm::read_journal
  const knowledge::Capabilities& capabilities;
  const std::atomic<bool>& interrupted;
  std::function<void(const ProbeId& id)> starting;     ///< a step begins; may be empty
  std::function<void(const Result& result)> finished;  ///< a step has ended; may be empty
  std::vector<Result> results;                         ///< of the steps until now
};

/// Whether to go a way; it has no step.
using Wanted = std::function<bool(const ProbeId& way)>;

using ChildEnvironment = std::vector<std::pair<std::string, std::optional<std::string>>>;

/// The environment with this variable in place of what it had of that name.
ChildEnvironment with(ChildEnvironment environment, const std::string& name, std::string value);

/// One step: a result under way, and what the TPM is asked meanwhile.
class WayStep {
 public:
  /// `expected` is one sentence.
  WayStep(WayBench& bench, ProbeId id, std::string title, std::string expected);

  /// Runs a program to its end. Its lines are kept with the result; false if it could not be run or
  /// did not succeed. `secret` never gets into the lines.
  bool run(const std::vector<std::string>& argv, const ChildEnvironment& environment);

  /// Standard output of the program that ran last.
  [[nodiscard]] const std::string& output() const { return output_; }
  /// Lines of another program that belong to this step: a daemon's log.
  void add_lines(const std::string& text);

  /// Whether the TPM answered meanwhile that an authorization was wrong.
  [[nodiscard]] bool has_wrong_authorization() const;

  /// The step has done what it should.
  void pass(std::string actual);
  /// It has not: the layer is decided and named. True if it must be said that it passed anyway.
  void fail(std::string_view program, std::string actual);
  /// It could not be tried.
  void block(std::string actual);

  /// The result, for what only the caller knows (cause, advice, verified_by).
  Result& result() { return result_; }

  /// Puts the result into the bench; the value tells whether it passed.
  bool finish();

 private:
  [[nodiscard]] std::vector<tpm::JournalEntry> exchanges() const;

  WayBench& bench_;
  Result result_;
  std::size_t begin_;  // index into the journal
  tpm::TimePoint start_;
  std::string output_;
};

/// Text without its secrets: each is replaced by "(PIN)".
std::vector<std::string> lines_without(const std::string& text,
                                       const std::vector<std::string>& secrets);

/// Octets from the kernel's generator as hex digits: a PIN, a label.
std::string random_word(std::size_t octets);

}  // namespace tpmprobe::walks
