// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>

namespace tpmprobe::tpm {

/// No response is taken that is longer: twice what any known TPM gives for
/// TPM_PT_MAX_RESPONSE_SIZE, and what the kernel's and the TSS's buffers hold.
inline constexpr std::size_t kMaxResponseSize = 8192;

}  // namespace tpmprobe::tpm
