// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tpmprobe {

/// Octets that somebody owns: a command, a response, a digest.
using Bytes = std::vector<std::uint8_t>;

/// Octets that somebody else owns.
using ByteView = std::span<const std::uint8_t>;

}  // namespace tpmprobe
