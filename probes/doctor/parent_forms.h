// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string_view>

namespace tpmprobe::probes {

// Templates of storage primaries as PersistentObject::form has them: TPMT_PUBLIC with an empty
// `unique`, SHA-256 names, attributes 0x00030072, AES-128 in CFB mode. tpm2_ptool init and FAPI's
// profiles make the same (measured: tpm2-tools 5.4, tpm2-pkcs11 1.9.0, tss2 3.2.1).

/// tpm2_createprimary -g sha256 -G rsa; P_RSA2048SHA256.
inline constexpr std::string_view kRsaParent =
    "0001000b00030072000000060080004300100800000000000000";
/// tpm2_createprimary -g sha256 -G ecc; P_ECCP256SHA256.
inline constexpr std::string_view kEccParent =
    "0023000b00030072000000060080004300100003001000000000";

}  // namespace tpmprobe::probes
