// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "knowledge/command_codes.h"
#include "tpm/bytes.h"
#include "tpm/command_builder.h"
#include "tpm/layers/header.h"

/// Whole commands as octets (TPM 2.0 Part 3), for tests of what carries commands.
namespace tpmprobe::raw {

/// TPM2_GetRandom of 16 octets.
inline const Bytes kGetRandom =
    tpm::CommandBuilder(knowledge::cc::kGetRandom).parameter(std::uint16_t{16}).build();

/// TPM2_Startup(CLEAR).
inline const Bytes kStartup =
    tpm::CommandBuilder(knowledge::cc::kStartup).parameter(std::uint16_t{0}).build();

/// TPM2_NV_DefineSpace with the owner's empty password: index 0x01500000, eight octets.
inline const Bytes kNvDefine = tpm::CommandBuilder(0x12a)
                                   .handle(0x40000001)
                                   .password()
                                   .parameter(std::uint16_t{0})           // auth
                                   .parameter(std::uint16_t{14})          // of TPMS_NV_PUBLIC
                                   .parameter(std::uint32_t{0x01500000})  // nvIndex
                                   .parameter(std::uint16_t{0x000b})      // nameAlg: SHA-256
                                   .parameter(std::uint32_t{0x02040004})  // attributes
                                   .parameter(std::uint16_t{0})           // authPolicy
                                   .parameter(std::uint16_t{8})           // dataSize
                                   .build();

/// TPM2_NV_ReadPublic of that index.
inline const Bytes kNvReadPublic =
    tpm::CommandBuilder(knowledge::cc::kNvReadPublic).handle(0x01500000).build();

/// TPM2_GetCapability of TPM_PT_STARTUP_CLEAR alone.
inline const Bytes kGetStartupClear = tpm::CommandBuilder(knowledge::cc::kGetCapability)
                                          .parameter(std::uint32_t{6})
                                          .parameter(std::uint32_t{0x201})
                                          .parameter(std::uint32_t{1})
                                          .build();

/// Response code of a response.
inline std::uint64_t code(ByteView response) {
  return tpm::header::load(response, tpm::header::kCodeOffset, 4);
}

/// Whether this is the response to kGetRandom.
inline bool is_random(ByteView response) {
  return response.size() == tpm::header::kSize + 2 + 16 && code(response) == 0;
}

}  // namespace tpmprobe::raw
