// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "knowledge/messages.h"

namespace tpmprobe::walks {

/// The line of FAPI's log that tells why a call failed.
struct FapiFault {
  const knowledge::MessageInfo* message = nullptr;  ///< of knowledge/messages
  std::size_t line = 0;                             ///< index into the log
};

/// Finds the first line that is known to tell a cause. Those after it mislead: after an error FAPI
/// cleans up, and complains of handles that it never had (Esys, 0x7000b).
std::optional<FapiFault> recognise_fapi(std::span<const std::string> log);

}  // namespace tpmprobe::walks
