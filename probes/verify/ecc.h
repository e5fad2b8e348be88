// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "probes/verify/curves.h"
#include "probes/verify/openssl.h"
#include "probes/verify/verify.h"
#include "tpm/bytes.h"
#include "tpm/key.h"

namespace tpmprobe::probes {

namespace equations {

/// The equations by which a signature on an elliptic curve is right, over OpenSSL's group
/// arithmetic, for the schemes or curves that EVP does not have.
/// A signature on `curve` by the owner of `key`, with `s` in [1, n-1].
struct Claim {
  const Curve& curve;
  const EC_POINT* key;
  const BIGNUM* r;
  const BIGNUM* s;
};

/// ECDSA (ISO/IEC 14888-3; TPM 2.0 Part 1, Annex C): the x coordinate of [e/s]G + [r/s]Q is r
/// modulo n, e being the leftmost bits of the digest, as many as n has.
bool ecdsa_holds(const Claim& claim, ByteView digest);

/// SM2 (GM/T 0003.2; TPM 2.0 Part 1, Annex C): e + x([s]G + [r + s]Q) is r modulo n.
bool sm2_holds(const Claim& claim, ByteView digest);

/// ECSCHNORR (TPM 2.0 Part 1, Annex C; EC-SDSA-opt of ISO/IEC 14888-3): the hash of the x
/// coordinate of [s]G - [r]Q and the digest, cut to the octets of n, is r, or r modulo n.
bool ecschnorr_holds(const Claim& claim, tpm::AlgId hash, ByteView digest);

/// ECDAA (TPM 2.0 Part 1, Annex C): with T the hash of `nonce` and digest, [s]G - [T]Q is
/// `commitment`. `nonce` are the octets as they came, since they are what was hashed; `claim.r` is
/// not used.
bool ecdaa_holds(const Claim& claim, tpm::AlgId hash, ByteView nonce, ByteView digest,
                 const EC_POINT* commitment);

}  // namespace equations

/// `verify_signature` for ECDSA, SM2, ECSCHNORR and ECDAA.
VerifyOutcome verify_ecc(const tpm::PublicKey& key, const tpm::Signature& signature,
                         ByteView digest, const tpm::Commitment* commitment);

}  // namespace tpmprobe::probes
