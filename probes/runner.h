// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "probes/catalogue.h"
#include "tpm/commands/capability.h"
#include "tpm/layers/guard.h"
#include "tpm/layers/record_layer.h"
#include "tpm/leftovers.h"

namespace tpmprobe::probes {

/// Told what is going on, so that a person can be.
class Observer {
 public:
  virtual ~Observer() = default;
  /// What the TPM is, before the first probe.
  virtual void opened(const Identity& identity) = 0;
  /// Probe `number` of `total`, from 1, begins. `slow`: it is the first that needs an RSA key of
  /// its size generated.
  virtual void starting(int number, int total, const Probe& probe, bool slow) = 0;
  virtual void finished(const Result& result) = 0;
};

/// What a run is given.
struct RunInput {
  tpm::Session& session;
  tpm::Guard& guard;
  const tpm::Recorder& recorder;
  tpm::Clock& clock;
  std::string transport;  ///< for Identity::transport
  tpm::LeftoverPolicy leftovers;
  std::vector<const Probe*> probes;  ///< from select()
  bool quick = false;
  const std::atomic<bool>* interrupted = nullptr;
};

/// What a run gives. Whatever happens, what was found until then is in it.
struct RunOutput {
  Identity identity;
  std::optional<knowledge::Capabilities> capabilities;  ///< nullopt if the TPM could not be opened
  std::vector<Result> results;  ///< `session.open` first, then the probes, `session.close` last
  bool interrupted = false;     ///< or given up: there are probes that did not run
  /// Set if the TPM could not even be asked who it is.
  std::optional<Error> unreachable;
};

/// Commands (TPM_CC) that `session.open` may send.
std::vector<std::uint32_t> opening_commands();
/// The same for `session.close`.
std::vector<std::uint32_t> closing_commands();

/// Runs the probes one after the other. Never throws, never prints.
RunOutput run(const RunInput& input, Observer& observer);

/// The guard's policy for these probes: their effects, and what opening and closing takes.
tpm::GuardPolicy policy_for(const std::vector<const Probe*>& probes, bool flush_leftovers);

}  // namespace tpmprobe::probes
