// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "doctor/tpm_facts.h"

namespace tpmprobe::doctor {

/// A kind of endorsement key, and where its certificate is in NV memory (TCG EK Credential Profile,
/// 2.2.1.4 and 2.2.1.5).
struct EkCertificate {
  std::string_view kind;  ///< as in the names of FAPI's profiles
  std::uint32_t nv_index;
};

inline constexpr std::array kEkCertificates{
    EkCertificate{"RSA2048", 0x01c00002}, EkCertificate{"ECCP256", 0x01c0000a},
    EkCertificate{"ECCP384", 0x01c00016}, EkCertificate{"RSA3072", 0x01c0001c}};

/// Whether the TPM has this NV index.
inline bool has_nv_index(const TpmFacts& tpm, std::uint32_t index) {
  const auto& list = tpm.capabilities.handles.nv_index;
  return list && std::ranges::find(*list, index) != list->end();
}

}  // namespace tpmprobe::doctor
