// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string_view>

#include "tpm/error.h"
#include "tpm/key.h"

namespace tpmprobe::probes {

/// The public key of a "PUBLIC KEY" in PEM (RFC 7468, 13), RSA or on a curve that a TPM has, as a
/// TPM would give it. Error: malformed.
Expected<tpm::PublicKey> public_key_from_pem(std::string_view pem);

/// An ECDSA signature from its DER form (RFC 3279, 2.2.3) with the hash that was signed. Error:
/// malformed.
Expected<tpm::Signature> ecdsa_from_der(ByteView der, tpm::AlgId hash);

}  // namespace tpmprobe::probes
