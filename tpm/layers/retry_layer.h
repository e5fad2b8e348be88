// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "tpm/layers/layer.h"

namespace tpmprobe::tpm {

/// The wait before the first submission again; it doubles each time up to `kLongestPause`. A busy
/// TPM needs milliseconds, and asking it too often keeps it from its work.
inline constexpr Duration kFirstPause = std::chrono::milliseconds(5);
inline constexpr Duration kLongestPause = std::chrono::milliseconds(500);

/// How long RETRY and YIELDED are borne. They mean "could not start just now" and pass within the
/// time of one other command, of which the slowest but key generation took 1.4 s on any device.
inline constexpr Duration kRetryBound = std::chrono::seconds(10);

/// How long TESTING is borne: the TPM runs its self tests in the background, where the slowest
/// devices take tens of seconds for all algorithms.
inline constexpr Duration kTestingBound = std::chrono::seconds(60);

/// Submits a command again while the TPM answers TPM_RC_RETRY, TPM_RC_YIELDED or TPM_RC_TESTING
/// (TPM 2.0 Part 2, 6.6 "TPM_RC"), and gives up with the code that it really
/// answered (`Error::Kind::gave_up`) after the bound or when the next wait would pass the deadline.
/// No layer above ever sees one of the three.
class RetryLayer final : public Layer {
 public:
  /// `clock` outlives this layer.
  RetryLayer(TransportPtr below, Clock& clock) : Layer(std::move(below)), clock_(clock) {}

  Expected<void> carry(WireExchange& exchange, TimePoint deadline) override;

 private:
  Clock& clock_;
};

}  // namespace tpmprobe::tpm
