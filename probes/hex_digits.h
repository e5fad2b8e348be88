// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include <fmt/format.h>

#include "tpm/bytes.h"

namespace tpmprobe::probes {

/// Octets as hexadecimal digits, two for each: a Name, a template.
inline std::string hex_digits(ByteView octets) {
  return fmt::format("{:02x}", fmt::join(octets, ""));
}

}  // namespace tpmprobe::probes
