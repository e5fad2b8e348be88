// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>

#include "result/result.h"

namespace tpmprobe::reports {

/// A measured time in the unit that reads best: "0.27 ms", "41 ms", "1.7 s", "2 min 5 s".
std::string milliseconds_in_words(double milliseconds);

/// A set time: "45 s", "16 min 40 s", "1 day".
std::string seconds_in_words(std::uint32_t seconds);

/// Dictionary-attack state in one clause (Part 1, 19.8): "not in lockout, 0 of 32 tries used, one
/// is given back every 2 h".
std::string lockout_in_words(const LockoutState& lockout);

}  // namespace tpmprobe::reports
