// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

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

}  // namespace tpmprobe::emulator
