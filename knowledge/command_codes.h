// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

/// The TPM_CC values (Part 2, 6.5.2) that the code names; a test holds them against commands.json.
namespace tpmprobe::knowledge::cc {

inline constexpr std::uint32_t kCreatePrimary = 0x131;
inline constexpr std::uint32_t kDictionaryAttackParameters = 0x13a;
inline constexpr std::uint32_t kSequenceComplete = 0x13e;
inline constexpr std::uint32_t kSelfTest = 0x143;
inline constexpr std::uint32_t kStartup = 0x144;
inline constexpr std::uint32_t kShutdown = 0x145;
inline constexpr std::uint32_t kCreate = 0x153;
inline constexpr std::uint32_t kEcdhZgen = 0x154;
inline constexpr std::uint32_t kImport = 0x156;
inline constexpr std::uint32_t kLoad = 0x157;
inline constexpr std::uint32_t kRsaDecrypt = 0x159;
inline constexpr std::uint32_t kHmacStart = 0x15b;
inline constexpr std::uint32_t kSign = 0x15d;
inline constexpr std::uint32_t kEncryptDecrypt = 0x164;
inline constexpr std::uint32_t kFlushContext = 0x165;
inline constexpr std::uint32_t kLoadExternal = 0x167;
inline constexpr std::uint32_t kNvReadPublic = 0x169;
inline constexpr std::uint32_t kReadPublic = 0x173;
inline constexpr std::uint32_t kStartAuthSession = 0x176;
inline constexpr std::uint32_t kVerifySignature = 0x177;
inline constexpr std::uint32_t kEccParameters = 0x178;
inline constexpr std::uint32_t kGetCapability = 0x17a;
inline constexpr std::uint32_t kGetRandom = 0x17b;
inline constexpr std::uint32_t kGetTestResult = 0x17c;
inline constexpr std::uint32_t kHash = 0x17d;
inline constexpr std::uint32_t kReadClock = 0x181;
inline constexpr std::uint32_t kEventSequenceComplete = 0x185;
inline constexpr std::uint32_t kHashSequenceStart = 0x186;
inline constexpr std::uint32_t kTestParms = 0x18a;
inline constexpr std::uint32_t kCommit = 0x18b;
inline constexpr std::uint32_t kZgen2Phase = 0x18d;
inline constexpr std::uint32_t kEcEphemeral = 0x18e;
inline constexpr std::uint32_t kCreateLoaded = 0x191;
inline constexpr std::uint32_t kEncryptDecrypt2 = 0x193;

}  // namespace tpmprobe::knowledge::cc
