// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>

#include "emulator/quirk/own_key.h"
#include "emulator/quirk/quirk.h"

/// Signatures by keys whose private half the emulator holds.
namespace tpmprobe::emulator {

/// What is signed.
struct ToSign {
  std::uint16_t hash = 0;  ///< TPM_ALG_ID
  Bytes digest;
};

/// r and s of an ECDSA or ECSCHNORR signature, each padded to the order of the curve.
struct EccSignature {
  Bytes r, s;
};

/// The bare private-key operation (RSADP of RFC 8017, 5.1.2), padded to `size` octets; empty if the
/// value is not below the modulus.
Bytes rsa_private_operation(const RsaPrivate& key, ByteView value, std::size_t size);

/// What a signature by the key of this modulus was made of (RSAVP1 of RFC 8017, 5.2.2), as long as
/// the modulus.
Bytes rsa_public_operation(const PublicHalf& key, ByteView signature);

/// The encoded message of RSASSA for this key, taken from one for another key that is at least as
/// long: they differ in the padding only (RFC 8017, 9.2).
Bytes refitted(const RsaPrivate& key, Bytes encoded);

/// RSASSA-PSS (RFC 8017, 8.1), padded to `size` octets. Without a shape: a random salt as long as
/// the digest, or as there is room. Empty if the digest is too long or OpenSSL lacks the hash.
Bytes sign_pss(const RsaPrivate& key, const ToSign& what, std::optional<SaltShape> shape,
               std::size_t size);

/// ECDSA (Part 1, Annex C) with a nonce of this shape, or any. Nothing if OpenSSL fails.
std::optional<EccSignature> sign_ecdsa(const EccPrivate& key, const ToSign& what,
                                       const std::optional<ReSignEcc>& nonce);

/// ECSCHNORR (Part 1, Annex C), the same way.
std::optional<EccSignature> sign_ecschnorr(const EccPrivate& key, const ToSign& what,
                                           const std::optional<ReSignEcc>& nonce);

}  // namespace tpmprobe::emulator
