// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

namespace tpmprobe::knowledge {

/// The permanent handles (Part 2, 7.4 TPM_RH) that the code names.
namespace rh {
inline constexpr std::uint32_t kNull = 0x40000007;
inline constexpr std::uint32_t kPassword = 0x40000009;  ///< TPM_RS_PW
inline constexpr std::uint32_t kLockout = 0x4000000A;
}  // namespace rh

/// Bits of TPMA_SESSION (Part 2, 8.4).
inline constexpr std::uint8_t kSessionDecrypt = 0x20, kSessionEncrypt = 0x40;

/// Bits of TPMA_CC (Part 2, 8.9) that make up the command code: commandIndex and V.
inline constexpr std::uint32_t kCommandOfAttributes = 0x2000FFFF;
/// TPMA_CC, V: the command is the vendor's.
inline constexpr std::uint32_t kVendorCommand = 0x20000000;

}  // namespace tpmprobe::knowledge
