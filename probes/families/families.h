// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <vector>

#include "probes/families/keys.h"
#include "probes/probe.h"

namespace tpmprobe::probes {

/// The probes of what a TPM says and of the state it is in: `identity`, `capability.LIST` for each
/// list of TPM2_GetCapability, `state.self-test`, `state.lockout`, `state.hierarchies`,
/// `state.object-slots`.
std::vector<Probe> state_probes();

/// What a TPM does without a key: random numbers (`rng.repeat`, `rng.length`), digests (`hash.sha1`
/// and so on), its clock (`clock.forward`) and sessions (`state.sessions`).
std::vector<Probe> service_probes();

/// Whether the lists of a TPM agree with each other and with what it does: `capability.schemes`, an
/// algorithm without the commands that it is for; `capability.create-loaded`, a command that is
/// listed and may be unknown when it comes.
std::vector<Probe> claim_probes();

/// Every ssh probe that hangs on this key: what the private half must be able to sign so that a
/// person can log in, verified by the installed ssh-keygen, which must refuse another message.
///
/// `ssh.ecdsa-sha2-nistp384`; for RSA `ssh.rsa2048.rsa-sha2-512` (RSASSA with the hash in the TPM,
/// as ssh-tpm-agent does) and `ssh.rsa2048.rsa-sha2-512-raw` (TPM2_RSA_Decrypt on a digest padded
/// outside, as tpm2-pkcs11 does; needs no hash in the TPM). None for keys that ssh has no type for.
std::vector<Probe> ssh_probes(const KeyRow& row);

/// The probes that sign with keys of which the private half is known, since only so can be seen
/// what they look for: `sign.known.rsa2048-leading-zero`, a signature that must begin with a zero
/// octet; `sign.known.p256-nonces`, the secret numbers of ECDSA. `unsupported` where a TPM takes no
/// private half in plain.
std::vector<Probe> known_key_probes();

/// `time.quick-commands`: how long commands took that compute next to nothing. Sends nothing: it
/// looks at what the run recorded, and therefore comes last.
Probe latency_probe();

}  // namespace tpmprobe::probes
