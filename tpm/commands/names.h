// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "tpm/session.h"

namespace tpmprobe::tpm {

/// The Name (Part 1, 16) of a persistent object, from TPM2_ReadPublic.
Expected<Bytes> read_name(Session& session, std::uint32_t handle);

}  // namespace tpmprobe::tpm
