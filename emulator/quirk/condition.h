// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string_view>

#include "emulator/quirk/quirk.h"
#include "tpm/wire_exchange.h"

namespace tpmprobe::emulator {

/// That a condition holds, but for its `calls`.
struct Match {
  bool holds = false;
  /// The first field that one of its `ranges` or `values` is about; null if it has none.
  const knowledge::WireField* field = nullptr;
};

/// Whether the command meets all of the condition but its `calls`.
Match match(const Condition& condition, const tpm::WireExchange& command);

/// Whether the nth call (from 1) is meant.
bool is_meant(const Calls& calls, unsigned nth);

/// Whether the pattern names this path.
bool names(std::string_view pattern, std::string_view path);

}  // namespace tpmprobe::emulator
