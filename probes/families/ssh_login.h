// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <vector>

#include "probes/families/keys.h"

namespace tpmprobe::probes {

/// Every ssh probe that hangs on this key: what the private half must be able to sign so that a
/// person can log in, verified by the installed ssh-keygen, which must refuse another message.
///
/// `ssh.ecdsa-sha2-nistp384`; for RSA `ssh.rsa2048.rsa-sha2-512` (RSASSA with the hash in the TPM,
/// as ssh-tpm-agent does) and `ssh.rsa2048.rsa-sha2-512-raw` (TPM2_RSA_Decrypt on a digest padded
/// outside, as tpm2-pkcs11 does; needs no hash in the TPM). None for keys that ssh has no type for.
std::vector<Probe> ssh_probes(const KeyRow& row);

}  // namespace tpmprobe::probes
