// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "knowledge/rc.h"

namespace tpmprobe::explain {

/// Some neighbouring bits of a response code.
struct BitField {
  unsigned high = 0, low = 0;  ///< numbers of the bits, 0 the lowest
  std::string digits;          ///< of a code, binary: "0001"
  std::string meaning;         ///< "parameter 1"
};

/// A response code bit by bit, from its layer down (Part 2, 6.6.2 "Response Code Formats").
std::vector<BitField> bit_fields(const knowledge::DecodedRc& decoded);

}  // namespace tpmprobe::explain
