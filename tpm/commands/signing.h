// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "tpm/auth_session.h"
#include "tpm/session.h"

namespace tpmprobe::tpm {

/// TPM2_Sign (Part 3, 20.2) of a digest made outside, with the NULL ticket.
Expected<Signature> sign(Session& session, Object& key, const Scheme& scheme, ByteView digest,
                         const Auth& auth = {});

/// TPM2_RSA_Decrypt (Part 3, 14.3) with TPM_ALG_NULL: the bare private-key operation on as many
/// octets as the modulus has. On a padded digest that is a signature; tpm2-pkcs11 signs like this.
Expected<Bytes> rsa_private_operation(Session& session, Object& key, ByteView padded);

/// TPM2_Commit (Part 3, 19.2) with empty P1, s2 and y2, as ECDAA signing needs it.
Expected<Commitment> commit(Session& session, Object& key);

/// TPM2_TestParms (Part 3, 30.3): does the TPM say that it supports these parameters?
Expected<void> test_parms(Session& session, const KeyTemplate& key);

}  // namespace tpmprobe::tpm
