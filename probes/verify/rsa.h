// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probes/verify/verify.h"
#include "tpm/key.h"

namespace tpmprobe::probes {

/// Something about a public key that makes it weak, or another one than was asked for.
struct KeyFault {
  std::string_view evidence;  ///< a word of knowledge/evidence.h
  std::string text;           ///< one clause without a final full stop
};

/// What is wrong with an RSA key that was asked for with `bits` bits of modulus and the exponent
/// 65537 (TPMS_RSA_PARMS, Part 2, 12.2.3.5): both of these, and the fingerprint of CVE-2017-15361.
/// Empty if nothing is. Looks at the public half alone, and factors nothing.
std::vector<KeyFault> rsa_key_faults(const tpm::PublicKey& key, unsigned bits);

/// `verify_signature` for RSASSA and RSAPSS.
VerifyOutcome verify_rsa(const tpm::PublicKey& key, const tpm::Signature& signature,
                         ByteView digest);

/// How many octets of salt an RSAPSS signature carries; nullopt if it is not a valid one at all.
/// TPM 2.0 Part 1, Annex B lets a TPM take as many as fit, FIPS 186-4 at most as many as the digest
/// has.
std::optional<int> pss_salt_length(const tpm::PublicKey& key, const tpm::Signature& signature,
                                   ByteView digest);

/// The digest that an RSASSA signature of this key really was made over: what is inside the
/// encoding of RFC 8017, 9.2 for the hash that the signature names. nullopt if there is no such
/// encoding.
std::optional<Bytes> signed_digest(const tpm::PublicKey& key, const tpm::Signature& signature);

/// EMSA-PKCS1-v1_5 (RFC 8017, 9.2) of a digest: what TPM2_RSA_Decrypt without a scheme turns into a
/// signature. Empty if the hash is unknown, `digest` is not of its size, or `size` octets (those of
/// the modulus) are too few.
Bytes pkcs1_v15_encode(tpm::AlgId hash, ByteView digest, std::size_t size);

}  // namespace tpmprobe::probes
