// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace tpmprobe::knowledge {

/// The big endian number in `width` (1 to 8) octets at `offset`, which must be there.
inline std::uint64_t big_endian(std::span<const std::uint8_t> octets, std::size_t offset,
                                std::size_t width) {
  std::uint64_t value = 0;
  for (const auto octet : octets.subspan(offset, width)) {
    value = value << 8U | octet;
  }
  return value;
}

}  // namespace tpmprobe::knowledge
