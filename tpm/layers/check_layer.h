// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "knowledge/command_table.h"
#include "tpm/layers/layer.h"

namespace tpmprobe::tpm {

/// How long a command of this class may take before the TPM counts as hung: some times the longest
/// that was measured on 39 firmware versions. Nothing but cryptography took a second there, yet a
/// firmware TPM may stand still for seconds while its host is busy (AMD's "stutter"); cryptography
/// took 1.4 s at most; a self test runs all algorithms; RSA-3072 took up to 253 s to generate.
Duration time_limit(knowledge::DurationClass duration_class);

/// The limit of a command by its TPM_CC; of an unknown one that of cryptography.
Duration time_limit(std::uint32_t command);

/// Sets a deadline for each command (the caller's, if that is earlier), and lets no answer pass
/// that cannot be one: see `check_response`. tss2 3.2.1 takes a cut response for data.
class CheckLayer final : public Layer {
 public:
  /// `clock` outlives this layer.
  CheckLayer(TransportPtr below, const Clock& clock) : Layer(std::move(below)), clock_(clock) {}

  /// Errors from below get the command's code if they have none.
  Expected<void> carry(WireExchange& exchange, TimePoint deadline) override;

 private:
  const Clock& clock_;
};

}  // namespace tpmprobe::tpm
