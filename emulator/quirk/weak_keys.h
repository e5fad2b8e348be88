// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>

#include "emulator/quirk/private_key.h"
#include "emulator/quirk/quirk.h"

namespace tpmprobe::emulator {

/// What an RSA key to be made is like.
struct RsaTemplate {
  KeyShape shape = KeyShape::sound;
  int bits = 0;                ///< of the modulus
  std::uint32_t exponent = 0;  ///< itself, unlike in a public area
};

/// A new RSA key. Keys of shape `shared_prime` have the prime `common`, which the first of them
/// makes; all of one `common` have the same size. Nothing if OpenSSL fails, or the exponent has no
/// inverse.
std::optional<RsaPrivate> make_rsa(const RsaTemplate& wanted, BigNumber& common);

/// The key with this modulus and exponent, one of whose primes is `prime`; nothing if it is not.
std::optional<RsaPrivate> rsa_from_prime(const PublicHalf& key, ByteView prime);

/// A new key on this curve; nothing if OpenSSL fails.
std::optional<EccPrivate> make_ecc(EcGroup curve);

/// The public point, as TPMS_ECC_POINT with coordinates padded to the field.
Bytes point_of(const EccPrivate& key);

}  // namespace tpmprobe::emulator
