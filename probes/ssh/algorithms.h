// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "knowledge/capabilities.h"
#include "tpm/key.h"

namespace tpmprobe::probes {

/// One public-key signature algorithm of SSH.
struct SshAlgorithm {
  std::string_view name;        ///< as in PubkeyAcceptedAlgorithms, "rsa-sha2-512"
  std::string_view key_type;    ///< first word of the public key, "ssh-rsa"
  tpm::AlgId hash = 0;          ///< what is signed is the digest by this hash; 0: nothing is hashed
  std::size_t digest_size = 0;  ///< in octets; the TPM must take a digest of this size
  tpm::CurveId curve = 0;       ///< 0: not on a curve of a TPM
  std::string_view curve_name;  ///< RFC 5656, 6.1: "nistp384"
  bool tpm = true;              ///< false: no TPM 2.0 offers such keys
};

/// Every algorithm that ssh accepts for a login with a usual key: RFC 8332 (RSA), RFC 5656 (ECDSA,
/// the hash by the curve as in 6.2.1), RFC 8709 (Ed25519).
std::span<const SshAlgorithm> ssh_algorithms();

/// The algorithm of this name, or null.
const SshAlgorithm* find_ssh_algorithm(std::string_view name);

/// The first algorithm that fits the kind and curve of this key, null if ssh has none (P-224,
/// BN_P256).
const SshAlgorithm* ssh_algorithm_of(const tpm::PublicKey& key);

/// What to make in place of a key whose hash the TPM lacks.
std::string advice_without_hash(const knowledge::Capabilities& capabilities);

}  // namespace tpmprobe::probes
