// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "probes/runner.h"
#include "reports/model.h"
#include "reports/privacy.h"
#include "tpm/layers/guard.h"
#include "tpm/layers/record_layer.h"
#include "tpm/session.h"

namespace tpmprobe::cli {

/// When a run began.
struct Beginning {
  std::chrono::system_clock::time_point wall = std::chrono::system_clock::now();
  std::chrono::steady_clock::time_point steady = std::chrono::steady_clock::now();
};

/// What names the user and the machine, for taking it out of what is written.
reports::Secrets secrets();

/// Everything in a report that does not come from the TPM: version, words, machine, time. `command`
/// is the word after `tpmprobe`, `arguments` those after it.
reports::RunFacts run_facts(const std::string& command, const std::vector<std::string>& arguments,
                            const Beginning& beginning);

/// The report as it is written: without names and paths of the user, with the exit code and how
/// long it took.
reports::Report finished(reports::Report report, int exit_code, const Beginning& beginning);

/// The result of a TPM that could not be reached.
Result not_opened(const Error& error);

/// The probes of a run, and who is told of them.
struct ProbePlan {
  std::vector<const probes::Probe*> probes = {};
  bool quick = false;
  tpm::LeftoverPolicy leftovers = {};
  probes::Observer* observer = nullptr;
};

/// A conversation with a TPM, and what it said at its beginning and to the probes.
class OwnSession {
 public:
  /// Puts the layers of every run on `transport`, asks the TPM who it is, and runs the probes.
  /// `clock` and `interrupted` must outlive this; `name` is the TPM's in the report.
  OwnSession(tpm::TransportPtr transport, tpm::Clock& clock, const tpm::GuardPolicy& policy,
             const std::atomic<bool>& interrupted, const std::string& name,
             const ProbePlan& plan = {});

  /// Whether the TPM answers and told its capabilities; if not, `results` says why.
  [[nodiscard]] bool is_open() const { return session_ && opened_.capabilities; }

  [[nodiscard]] tpm::Session& session() { return *session_; }
  [[nodiscard]] const tpm::Recorder& recorder() const { return recorder_; }
  [[nodiscard]] const Identity& identity() const { return opened_.identity; }
  [[nodiscard]] const knowledge::Capabilities& capabilities() const {
    return *opened_.capabilities;
  }

  /// All that the TPM said.
  [[nodiscard]] probes::RunOutput output() && { return std::move(opened_); }

  /// The report of the run: `facts`, who the TPM is, and what came of it.
  reports::Report report(reports::RunFacts facts, std::vector<Result> results,
                         const Beginning& beginning) &&;

 private:
  const std::atomic<bool>& interrupted_;
  tpm::Recorder recorder_;
  std::optional<tpm::Session> session_;
  probes::RunOutput opened_;
};

}  // namespace tpmprobe::cli
