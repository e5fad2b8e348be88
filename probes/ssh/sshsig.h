// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "probes/ssh/algorithms.h"
#include "tpm/bytes.h"
#include "tpm/key.h"

namespace tpmprobe::probes {

/// The two hashes of a message that SSHSIG has (OpenSSH, PROTOCOL.sshsig, clause 2). Not to be
/// mixed up with the hash of the signature, which the algorithm fixes.
enum class SshsigHash : std::uint8_t { sha256, sha512 };

/// The signature in the form of SSH: RFC 8332, clause 3 (RSA, the octets as they are) or RFC 5656,
/// 3.1.2 (ECDSA, r and s as mpint).
Bytes signature_blob(const SshAlgorithm& algorithm, const tpm::Signature& signature);

/// What the key has to sign (PROTOCOL.sshsig, clause 3): the TPM gets the digest of these octets by
/// the hash of the `SshAlgorithm`. `name_space` may not be empty.
Bytes signed_data(std::string_view name_space, SshsigHash hash, ByteView message);

/// The file that `ssh-keygen -Y verify -s` reads (PROTOCOL.sshsig, clauses 1 and 2), octet for
/// octet as `ssh-keygen -Y sign` writes it.
std::string sshsig_file(ByteView public_key_blob, std::string_view name_space, SshsigHash hash,
                        ByteView signature_blob);

}  // namespace tpmprobe::probes
