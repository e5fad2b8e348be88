// SPDX-License-Identifier: BSD-2-Clause
// What carries octets only needs no more than transmit(); layers (tpm/layers/layer.h) do it the
// other way round.
#include "tpm/transport/transport.h"

#include <utility>

#include "tpm/wire_exchange.h"

namespace tpmprobe::tpm {

Expected<void> Transport::carry(WireExchange& exchange, TimePoint deadline) {
  return transmit(exchange.command(), deadline).map([&](Bytes&& response) {
    exchange.answer(std::move(response));
  });
}

}  // namespace tpmprobe::tpm
