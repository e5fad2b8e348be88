// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/layers/check_layer.h"

#include <algorithm>

#include "tpm/layers/response_check.h"

namespace tpmprobe::tpm {

using knowledge::DurationClass;
using std::chrono::seconds;

Duration time_limit(DurationClass duration_class) {
  switch (duration_class) {
    case DurationClass::quick:
      return seconds(20);
    case DurationClass::crypto:
      return seconds(60);
    case DurationClass::self_test:
      return seconds(120);
    case DurationClass::key_generation:
      return seconds(600);
  }
  return seconds(60);
}

Duration time_limit(std::uint32_t command) {
  const auto* info = knowledge::find_command(command);
  return time_limit(info == nullptr ? DurationClass::crypto : info->duration);
}

Expected<void> CheckLayer::carry(WireExchange& exchange, TimePoint deadline) {
  const std::uint32_t code = exchange.code();
  auto carried = below().carry(exchange, std::min(deadline, clock_.now() + time_limit(code)));
  if (carried) return check_response(exchange);
  if (carried.error().command == 0) carried.error().command = code;
  return carried;
}

}  // namespace tpmprobe::tpm
