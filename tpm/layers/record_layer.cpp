// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/layers/record_layer.h"

#include <utility>

#include "knowledge/wire.h"

namespace tpmprobe::tpm {

Expected<Bytes> RecordLayer::transmit(ByteView command, TimePoint deadline) {
  const TimePoint sent = clock_.now();
  auto response = below().transmit(command, deadline);
  Attempt attempt;
  attempt.duration = clock_.now() - sent;
  attempt.start = sent - made_;
  attempt.command = knowledge::command_code(command);
  attempt.command_size = command.size();
  if (recorder_.keeps_octets()) attempt.command_octets.assign(command.begin(), command.end());
  if (response) {
    attempt.rc = knowledge::response_code(*response);
    attempt.response_size = response->size();
    if (recorder_.keeps_octets()) attempt.response_octets = *response;
  } else {
    attempt.error = response.error().kind;
  }
  recorder_.add(std::move(attempt));
  return response;
}

}  // namespace tpmprobe::tpm
