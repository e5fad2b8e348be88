// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "tpm/session.h"

namespace tpmprobe::tpm {

/// TPM2_StartAuthSession (Part 3, 11.1) of an HMAC session with SHA-256, neither salted nor bound,
/// and at once TPM2_FlushContext: whether there is room for a session. What a failed flush leaves
/// is known to the guard.
Expected<void> try_session(Session& session);

}  // namespace tpmprobe::tpm
