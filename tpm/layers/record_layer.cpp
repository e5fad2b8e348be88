// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/layers/record_layer.h"

#include <utility>

namespace tpmprobe::tpm {

Expected<void> RecordLayer::carry(WireExchange& exchange, TimePoint deadline) {
  const TimePoint sent = clock_.now();
  auto carried = below().carry(exchange, deadline);
  Attempt attempt;
  attempt.duration = clock_.now() - sent;
  attempt.start = sent - made_;
  const ByteView command = exchange.command();
  attempt.command = exchange.code();
  attempt.command_size = command.size();
  if (recorder_.keeps_octets()) attempt.command_octets.assign(command.begin(), command.end());
  if (carried) {
    attempt.rc = exchange.rc();
    attempt.response_size = exchange.response().size();
    if (recorder_.keeps_octets()) attempt.response_octets = exchange.response();
  } else {
    attempt.error = carried.error().kind;
  }
  recorder_.add(std::move(attempt));
  return carried;
}

}  // namespace tpmprobe::tpm
