// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "tpm/key.h"
#include "tpm/session.h"

namespace tpmprobe::tpm {

/// TPM2_GetRandom (Part 3, 16.1): at most `octets` of them; a TPM may give fewer.
Expected<Bytes> get_random(Session& session, std::uint16_t octets);

/// TPM2_Hash (Part 3, 15.4) without a ticket. Errors: `tss` if `data` has more than 1024 octets.
Expected<Bytes> hash(Session& session, AlgId algorithm, ByteView data);

}  // namespace tpmprobe::tpm
