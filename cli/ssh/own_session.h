// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "cli/run_facts.h"
#include "probes/runner.h"
#include "reports/model.h"
#include "tpm/layers/guard.h"
#include "tpm/layers/recorder.h"
#include "tpm/session.h"

namespace tpmprobe::cli {

/// The result of a TPM that could not be reached.
Result not_opened(const Error& error);

/// A conversation of `tpmprobe ssh` with a TPM, and what the TPM said at its beginning.
class OwnSession {
 public:
  /// Puts the layers of every run on `transport`, and asks the TPM who it is. `clock` and
  /// `interrupted` must outlive this; `name` is the TPM's in the report.
  OwnSession(tpm::TransportPtr transport, tpm::Clock& clock, const tpm::GuardPolicy& policy,
             const std::atomic<bool>& interrupted, const std::string& name);

  /// Whether the TPM answers and told its capabilities; if not, `results` says why.
  [[nodiscard]] bool is_open() const { return session_ && opened_.capabilities; }

  [[nodiscard]] tpm::Session& session() { return *session_; }
  [[nodiscard]] const tpm::Recorder& recorder() const { return recorder_; }
  [[nodiscard]] const Identity& identity() const { return opened_.identity; }
  [[nodiscard]] const knowledge::Capabilities& capabilities() const {
    return *opened_.capabilities;
  }

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
