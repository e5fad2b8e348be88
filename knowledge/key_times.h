// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace tpmprobe::knowledge {

/// How long real TPMs take to generate an RSA key, from key_times.json. Seconds.
struct KeyTime {
  std::string_view manufacturer;  ///< TPM_PT_MANUFACTURER, trimmed; empty: of all
  std::uint16_t bits = 0;
  std::uint16_t usual_s = 0;  ///< average of the slowest firmware
  std::uint16_t worst_s = 0;  ///< slowest single key
};

/// All rows; those of all manufacturers first.
std::span<const KeyTime> key_times();

/// The row for this manufacturer and size, else the one of all manufacturers; null if nobody
/// measured the size on any.
const KeyTime* find_key_time(std::string_view manufacturer, std::uint16_t bits);

}  // namespace tpmprobe::knowledge
