// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <variant>

#include <openssl/bn.h>
#include <openssl/ec.h>

#include "tpm/bytes.h"

namespace tpmprobe::emulator {

/// What of a public area comes from the key itself, and not from its template.
struct PublicHalf {
  Bytes unique;                ///< modulus, or TPMS_ECC_POINT as it is on the wire
  std::uint32_t exponent = 0;  ///< RSA: as in the area, 0 means 65537; ECC: 0

  /// The exponent as a number.
  [[nodiscard]] std::uint32_t public_exponent() const { return exponent == 0 ? 65537 : exponent; }
  bool operator==(const PublicHalf&) const = default;
};

/// A TPMT_PUBLIC (Part 2, 12.2.4) of an RSA or ECC key, read.
struct PublicArea {
  std::uint16_t type = 0;        ///< TPM_ALG_ID
  std::uint32_t attributes = 0;  ///< TPMA_OBJECT
  unsigned bits = 0;             ///< RSA: keyBits
  std::uint16_t curve = 0;       ///< ECC: TPM_ECC_CURVE
  PublicHalf half;
};

/// Reads a whole TPMT_PUBLIC; nothing if it is none, or of neither RSA nor ECC.
std::optional<PublicArea> read_public_area(ByteView area);

/// The same TPMT_PUBLIC of another key; it is one that `read_public_area` reads.
Bytes with_half(ByteView area, const PublicHalf& half);

/// Owners for the numbers and points of OpenSSL that keys are computed with. Out of memory is the
/// only way that what they wrap fails without being asked; it is not looked for at every step.
/// Frees with the function of OpenSSL that belongs to the type.
template <auto Function>
struct FreeWith {
  template <typename T>
  void operator()(T* object) const {
    Function(object);
  }
};

using BigNumber = std::unique_ptr<BIGNUM, FreeWith<BN_clear_free>>;
using BigNumberContext = std::unique_ptr<BN_CTX, FreeWith<BN_CTX_free>>;
using EcGroup = std::unique_ptr<EC_GROUP, FreeWith<EC_GROUP_free>>;
using EcPoint = std::unique_ptr<EC_POINT, FreeWith<EC_POINT_free>>;

/// A small number.
inline BigNumber number(BN_ULONG value = 0) {
  BigNumber result(BN_new());
  BN_set_word(result.get(), value);
  return result;
}

/// A big-endian number of any length; none at all is 0.
inline BigNumber number(ByteView octets) {
  return BigNumber(BN_bin2bn(octets.data(), static_cast<int>(octets.size()), nullptr));
}

/// How many octets so many bits need.
inline std::size_t octets_for(int bits) {
  return (static_cast<std::size_t>(bits) + 7) / 8;
}

/// The number, big endian, with zeros in front to `size` octets; empty if it does not fit.
inline Bytes octets_of(const BIGNUM* value, std::size_t size) {
  Bytes result(size);
  if (BN_bn2binpad(value, result.data(), static_cast<int>(size)) < 0) return {};
  return result;
}

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
