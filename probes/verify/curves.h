// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <span>
#include <string_view>

#include "probes/verify/openssl.h"
#include "tpm/key.h"

namespace tpmprobe::probes {

/// Domain parameters as hexadecimal numbers, for a curve that OpenSSL has no name for:
/// y^2 = x^3 + ax + b over the integers modulo p, generator (x, y) of order n, cofactor 1.
struct DomainParameters {
  const char* p;
  const char* a;
  const char* b;
  const char* x;
  const char* y;
  const char* n;
};

/// One TPM_ECC_CURVE (TCG Algorithm Registry, "ECC Curves") and how OpenSSL calls it.
struct CurveName {
  tpm::CurveId id = 0;
  std::string_view name;                         ///< "NIST_P256", as in the registry
  const char* openssl = nullptr;                 ///< group name, null: known by parameters only
  const DomainParameters* parameters = nullptr;  ///< where OpenSSL has no name
};

/// Every curve that signatures can be checked on, by ascending id.
std::span<const CurveName> curve_names();

/// A curve ready for use. Built once, at its first use, and kept to the end of the process.
struct Curve {
  const CurveName* name = nullptr;
  openssl::Group group;
  std::size_t field_octets = 0;  ///< of one coordinate
  std::size_t order_octets = 0;  ///< of one component of a signature

  [[nodiscard]] const BIGNUM* order() const { return EC_GROUP_get0_order(group.get()); }
};

/// The curve of this id; null if it is not known here or this OpenSSL was built without it. May be
/// called from several threads.
const Curve* find_curve(tpm::CurveId id);

}  // namespace tpmprobe::probes
