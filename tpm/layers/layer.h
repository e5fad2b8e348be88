// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <utility>

#include "tpm/transport/transport.h"
#include "tpm/wire_exchange.h"

namespace tpmprobe::tpm {

/// A transport on top of another one, which it owns. What one layer has read of an exchange the
/// next need not read again.
class Layer : public Transport {
 public:
  explicit Layer(TransportPtr below) : below_(std::move(below)) {}

  Expected<Bytes> transmit(ByteView command, TimePoint deadline) final {
    WireExchange exchange(command);
    return carry(exchange, deadline).map([&] { return exchange.take_response(); });
  }
  Expected<void> carry(WireExchange& exchange, TimePoint deadline) override = 0;

 protected:
  Transport& below() { return *below_; }

 private:
  TransportPtr below_;
};

}  // namespace tpmprobe::tpm
