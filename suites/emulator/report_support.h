// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>

#include "cli/terminal/console.h"
#include "emulator/embedded_tpm.h"
#include "emulator/emulation.h"
#include "reports/model.h"

/// Whole reports on the TPM in this process: what a person would get, and what the TPM saw.
namespace tpmprobe::suites {

/// One command that left a run, and how it ended.
struct Sent {
  std::uint32_t command = 0;  ///< TPM_CC
  std::uint32_t rc = 0;       ///< TPM_RC; 0 also if there was no answer
};

/// What a run is to be like.
struct RunSpec {
  std::vector<std::string> only = {};       ///< as --only; empty: every probe
  std::vector<std::string> skip = {};       ///< as --skip
  bool quick = false;                       ///< as --quick
  bool flush_leftovers = false;             ///< as --flush-leftovers
  std::vector<knowledge::Rule> rules = {};  ///< what the TPM does wrong
  emulator::EmulationSpec emulation = {};   ///< what it pretends, below `rules`
  /// The defects that the report may know.
  std::span<const knowledge::Quirk> known = knowledge::quirks();
  std::string lock_key = {};                   ///< if given, the TPM counts as a real one
  std::function<void(std::size_t)> sent = {};  ///< told the number of each command, from 1
  /// Stop as by SIGINT during this command; 0: before the first.
  std::optional<std::size_t> interrupt_at = std::nullopt;
};

/// What became of it.
struct Outcome {
  reports::Report report;
  std::vector<Sent> wire;  ///< everything below the recorder, in order
  std::string progress;    ///< what a person saw on standard error
};

/// The ECC probes of the curves that people use: no key of theirs takes long.
inline const std::vector<std::string> kEcc{"identity", "capability.*", "state.*",
                                           "*p256*",   "*p384*",       "*p521*"};
/// The same and RSA, by its smallest key.
inline const std::vector<std::string> kEccAndRsa{"identity", "capability.*", "state.*",  "*p256*",
                                                 "*p384*",   "*p521*",       "*rsa1024*"};

/// Runs the probes on this TPM, which stays as the run leaves it. Time is virtual.
Outcome run_report(tpm::Transport& tpm, const RunSpec& spec);

/// The result with this id; a failure of the test and an empty one if there is none.
const Result& result_of(const reports::Report& report, std::string_view id);
const reports::ReportedResult& reported(const reports::Report& report, std::string_view id);
/// The use with this id, in the same way.
const reports::Use& use_of(const reports::Report& report, std::string_view id);
/// The finding with this id, in the same way.
const reports::Finding& finding_of(const reports::Report& report, std::string_view id);

/// Ids of all findings.
std::vector<std::string> findings(const reports::Report& report);
/// Ids of the results whose verdict is neither `pass` nor `unsupported`.
std::vector<std::string> troubles(const reports::Report& report);
/// Ids of the results with this verdict.
std::vector<std::string> with_verdict(const reports::Report& report, Verdict verdict);
/// Uses of `recommended` or `avoid`.
std::vector<std::string> uses_of(const std::vector<reports::Advice>& list);

/// Exit code, findings and every result that is no pass and not `unsupported`, for the log of a
/// test that fails.
std::string outline(const reports::Report& report);

/// The JSON form.
std::string json_of(const reports::Report& report);
/// What validate.py has against these reports; empty if they all fit the schema.
std::string schema_errors(const std::vector<reports::Report>& reports);

/// A test with a TPM as it left the factory; every report made by `run` is held against the schema
/// at the end of the test.
class ReportTest : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  const Outcome& run(const RunSpec& spec);

  /// Sends one command past everything of tpmprobe.
  Bytes send(const Bytes& command);
  /// Its response code.
  std::uint32_t code(const Bytes& command);

  /// The value of one TPM_PT.
  std::uint32_t property(std::uint32_t tag);
  /// The handles that exist from `first` on.
  std::vector<std::uint64_t> handles(std::uint32_t first);
  /// The same for objects that are loaded.
  std::vector<std::uint64_t> loaded() { return handles(0x80000000); }

  /// Loads an object that has nothing to do with tpmprobe.
  void load_foreign_object();

  std::unique_ptr<emulator::EmbeddedTpm> tpm_;

 private:
  std::vector<std::unique_ptr<Outcome>> outcomes_;
};

}  // namespace tpmprobe::suites
