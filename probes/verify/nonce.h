// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <span>
#include <string_view>

#include "probes/verify/curves.h"
#include "probes/verify/openssl.h"
#include "tpm/bytes.h"
#include "tpm/key.h"

/// The secret numbers of ECDSA signatures: who knows the private key can compute them, and who
/// knows something about them can compute the private key.
namespace tpmprobe::probes {

/// The secret number k of an ECDSA signature that verifies (FIPS 186-5, 6.4.1): (h + r d) / s
/// modulo n. A signer who keeps s small (s or n - s) makes it n - k. Null if s has no inverse, or
/// `digest` is longer than n, so that it would have to be cut.
openssl::BigNumber ecdsa_nonce(const Curve& curve, const BIGNUM* secret,
                               const tpm::Signature& signature, ByteView digest);

/// What is wrong with the secret numbers of signatures over different digests, as a word of
/// knowledge/evidence.h; empty if nothing is. Each may be k or n - k.
///
/// `nonce.short`: every one has less bits than n by more than 32. `nonce.low-bits`: the lowest 32
/// bits of all are the same; or two are equal, so that not the lowest bits alone are.
///
/// By chance good numbers look so, for four of them on P-256, in one case of 2^92 (low bits: one of
/// two values of the first, hit by one of two of each other: 2 * (2 * 2^-32)^3), or less (short:
/// (2 * 2^-32)^4; equal: 6 pairs * 2 * 2^-256). Three at least must be given: with less the word
/// stays empty.
std::string_view nonce_evidence(const Curve& curve, std::span<const openssl::BigNumber> nonces);

}  // namespace tpmprobe::probes
