// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "tpm/object.h"
#include "tpm/session.h"

namespace tpmprobe::tpm {

/// A signing key of which both halves are known outside the TPM.
struct ExternalKey {
  PublicKey key;  ///< of exponent 65537 if it is RSA
  Bytes secret;   ///< one of the two primes, or the private scalar (Part 2, 12.3.2.3), big endian
};

/// TPM2_LoadExternal (Part 3, 12.3) of both halves, the private one in plain, into the NULL
/// hierarchy: for signing without restriction, with noDA, userWithAuth, an empty auth value and the
/// marker of tpmprobe. Only for keys that are no secret. Errors: `tpm` where a firmware takes no
/// private half in plain; `tss` if a number is too long for its structure.
Expected<Object> load_external(Session& session, const ExternalKey& key);

}  // namespace tpmprobe::tpm
