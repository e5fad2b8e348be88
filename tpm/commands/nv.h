// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "tpm/session.h"

namespace tpmprobe::tpm {

/// What TPM2_NV_ReadPublic (Part 3, 31.6) tells of an index.
struct NvPublic {
  std::uint32_t index = 0;
  std::uint32_t attributes = 0;  ///< TPMA_NV (Part 2, 13.4)
  std::uint16_t size = 0;        ///< octets
};

/// Errors: `tpm` with TPM_RC_HANDLE if there is no such index.
Expected<NvPublic> read_nv_public(Session& session, std::uint32_t index);

/// Whose password, an empty one, opens an index.
enum class NvAuth : std::uint8_t { owner, index };

/// TPM2_NV_Read (Part 3, 31.13) of all octets of an index, at most `piece` in one command
/// (TPM_PT_NV_BUFFER_MAX). A password that is wrong counts towards lockout only if the index lacks
/// TPMA_NV_NO_DA and is opened by its own; the guard refuses that.
Expected<Bytes> read_nv(Session& session, const NvPublic& index, NvAuth auth, std::uint16_t piece);

}  // namespace tpmprobe::tpm
