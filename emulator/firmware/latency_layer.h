// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <vector>

#include "knowledge/firmware_profile/profile.h"
#include "tpm/layers/layer.h"

namespace tpmprobe::emulator {

/// Answers as late as a real TPM of a firmware did. Of what was measured the row counts that says
/// most of what a command says: command, type and size of the key, curve, scheme, hash. What a
/// command does not say, such as the key that TPM2_Sign uses, cannot be told apart.
class LatencyLayer final : public tpm::Layer {
 public:
  /// `clock` outlives this layer; it waits on it.
  LatencyLayer(tpm::TransportPtr below, std::vector<knowledge::OperationTime> times,
               tpm::Clock& clock);

  /// The answer, when its time has come. Error: timeout if that is after the deadline; the TPM
  /// then has not seen the command.
  Expected<void> carry(tpm::WireExchange& exchange, tpm::TimePoint deadline) override;

 private:
  /// How long the command takes; zero if that was not measured.
  [[nodiscard]] tpm::Duration duration_of(const tpm::WireExchange& exchange) const;

  std::vector<knowledge::OperationTime> times_;
  tpm::Clock& clock_;
};

}  // namespace tpmprobe::emulator
