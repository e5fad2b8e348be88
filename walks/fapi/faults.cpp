// SPDX-License-Identifier: BSD-2-Clause
#include "walks/fapi/faults.h"

#include "explain/read/find_message.h"

namespace tpmprobe::walks {

std::optional<FapiFault> recognise_fapi(std::span<const std::string> log) {
  for (std::size_t at = 0; at < log.size(); ++at) {
    const auto* message = explain::find_message(log[at]);
    if (message == nullptr || message->layer != knowledge::RcLayer::fapi) continue;
    if (message->severity == knowledge::RcSeverity::error) return FapiFault{message, at};
  }
  return std::nullopt;
}

}  // namespace tpmprobe::walks
