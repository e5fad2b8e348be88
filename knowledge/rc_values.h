// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

/// The TPM_RC values (Part 2, 6.6.3) that the code names, without position; what each means stands
/// in codes/.
namespace tpmprobe::knowledge::rc {

inline constexpr std::uint16_t kHierarchy = 0x085;
inline constexpr std::uint16_t kHandle = 0x08b;
inline constexpr std::uint16_t kAuthFail = 0x08e;
inline constexpr std::uint16_t kScheme = 0x092;
inline constexpr std::uint16_t kIntegrity = 0x09f;
inline constexpr std::uint16_t kBadAuth = 0x0a2;
inline constexpr std::uint16_t kInitialize = 0x100;
inline constexpr std::uint16_t kFailure = 0x101;
inline constexpr std::uint16_t kDisabled = 0x120;
inline constexpr std::uint16_t kCommandSize = 0x142;
inline constexpr std::uint16_t kCommandCode = 0x143;
inline constexpr std::uint16_t kNeedsTest = 0x153;
inline constexpr std::uint16_t kContextGap = 0x901;
inline constexpr std::uint16_t kObjectMemory = 0x902;
inline constexpr std::uint16_t kObjectHandles = 0x906;
inline constexpr std::uint16_t kYielded = 0x908;
inline constexpr std::uint16_t kCanceled = 0x909;
inline constexpr std::uint16_t kTesting = 0x90a;
inline constexpr std::uint16_t kNvRate = 0x920;
inline constexpr std::uint16_t kLockout = 0x921;
inline constexpr std::uint16_t kRetry = 0x922;

}  // namespace tpmprobe::knowledge::rc
