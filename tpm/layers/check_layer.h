// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "knowledge/command_table.h"
#include "tpm/error.h"
#include "tpm/layers/layer.h"
#include "tpm/wire_exchange.h"

namespace tpmprobe::tpm {

/// Whether the response can be the answer to the command at all: header, tag, size, number and kind
/// of handles, number of sessions, the shape of each parameter to the last octet (TPM 2.0 Part 1,
/// 18, and Part 3), and the few contents that would mislead in silence. A response with an error
/// code passes. Of a command that the table does not have only the header is judged. Fails with
/// `Error::Kind::malformed`, the code if there is one, and what is wrong. An echo of the command
/// (the driver gave back a buffer that nobody wrote to) and a TPM 1.2 are named as such.
Expected<void> check_response(const WireExchange& exchange);

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
