// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <variant>

#include "emulator/quirk/big_number.h"
#include "emulator/quirk/public_area.h"

namespace tpmprobe::emulator {

/// An RSA private key (RFC 8017, 3.2, first representation).
struct RsaPrivate {
  BigNumber modulus, exponent, secret;  ///< n, e, d
};

/// A private key on an elliptic curve.
struct EccPrivate {
  EcGroup curve;
  BigNumber secret;  ///< d, in [1, order - 1]
};

/// A key whose private half the emulator holds.
struct OwnKey {
  PublicHalf real;   ///< what the TPM says that the key is
  PublicHalf shown;  ///< what the caller is told; the same for a key that the TPM has, too
  std::variant<RsaPrivate, EccPrivate> secret;

  [[nodiscard]] bool is_substituted() const { return real != shown; }
};

}  // namespace tpmprobe::emulator
