// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "tpm/bytes.h"
#include "tpm/layers/header.h"

/// Whole commands as octets (TPM 2.0 Part 3), for tests of what carries commands.
namespace tpmprobe::raw {

/// TPM2_GetRandom of 16 octets.
inline const Bytes kGetRandom{0x80, 0x01, 0, 0, 0, 12, 0, 0, 0x01, 0x7b, 0, 16};

/// TPM2_Startup(CLEAR).
inline const Bytes kStartup{0x80, 0x01, 0, 0, 0, 12, 0, 0, 0x01, 0x44, 0, 0};

/// TPM2_NV_DefineSpace with the owner's empty password: index 0x01500000, eight octets.
inline const Bytes kNvDefine{0x80, 0x02, 0,    0, 0,    45, 0,    0,    0x01, 0x2a, 0x40, 0,
                             0,    0x01, 0,    0, 0,    9,  0x40, 0,    0,    9,    0,    0,
                             0,    0,    0,    0, 0,    0,  14,   0x01, 0x50, 0,    0,    0,
                             0x0b, 0x02, 0x04, 0, 0x04, 0,  0,    0,    8};

/// TPM2_NV_ReadPublic of that index.
inline const Bytes kNvReadPublic{0x80, 0x01, 0, 0, 0, 14, 0, 0, 0x01, 0x69, 0x01, 0x50, 0, 0};

/// TPM2_GetCapability of TPM_PT_STARTUP_CLEAR alone.
inline const Bytes kGetStartupClear{0x80, 0x01, 0, 0, 0, 22, 0,    0, 0x01, 0x7a, 0,
                                    0,    0,    6, 0, 0, 2,  0x01, 0, 0,    0,    1};

/// Response code of a response.
inline std::uint64_t code(ByteView response) {
  return tpm::header::load(response, tpm::header::kCodeOffset, 4);
}

/// Whether this is the response to kGetRandom.
inline bool is_random(ByteView response) {
  return response.size() == tpm::header::kSize + 2 + 16 && code(response) == 0;
}

}  // namespace tpmprobe::raw
