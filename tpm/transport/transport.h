// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>

#include "tpm/bytes.h"
#include "tpm/clock.h"
#include "tpm/error.h"

namespace tpmprobe::tpm {

class WireExchange;

/// Something that takes the octets of one TPM command and gives the octets of its response: a
/// device, a socket, a library, or a layer that changes, watches or refuses what passes.
class Transport {
 public:
  Transport() = default;
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;
  virtual ~Transport() = default;

  /// Sends `command` and waits for its response, until `deadline` of the stack's clock at most.
  /// The octets are those of TPM 2.0 Part 1, clause 18 "Command/Response Structure". A response
  /// with an error code in it is a success here: only a missing or impossible answer is an Error.
  virtual Expected<Bytes> transmit(ByteView command, TimePoint deadline) = 0;

  /// The same for an exchange that several layers share: the response is its `answer`.
  virtual Expected<void> carry(WireExchange& exchange, TimePoint deadline);
};

using TransportPtr = std::unique_ptr<Transport>;

/// For callers with no deadline of their own; the check layer still sets one per command class.
inline constexpr TimePoint kNoDeadline = TimePoint::max();

}  // namespace tpmprobe::tpm
