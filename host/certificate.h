// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace tpmprobe::host {

/// What may be told of an EK certificate: nothing that names one TPM (serial, subject, key).
struct CertificateFacts {
  std::string key;                                 ///< "RSA-2048", "EC P-384"
  std::string issuer;                              ///< its common name, else its organization
  std::int64_t not_before_s = 0, not_after_s = 0;  ///< seconds since 1970
  bool has_issuer_url = false;  ///< an AIA URL, from which FAPI fetches the issuer's certificate
};

/// Reads DER, octets after it being ignored: an NV index may be longer than what is in it. nullopt
/// if it is no certificate.
std::optional<CertificateFacts> read_certificate(std::span<const std::uint8_t> der);

}  // namespace tpmprobe::host
