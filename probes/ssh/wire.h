// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tpm/bytes.h"

namespace tpmprobe::probes {

/// Writes the data types of SSH (RFC 4251, clause 5) one after the other.
class SshWriter {
 public:
  /// Four octets, big endian.
  SshWriter& uint32(std::uint32_t value);
  /// "string": length and octets.
  SshWriter& string(ByteView octets);
  SshWriter& string(std::string_view text);
  /// "mpint" of a number that is not negative, given big endian: no zeros in front but the one that
  /// keeps the sign bit clear; zero itself has no octets.
  SshWriter& mpint(ByteView magnitude);
  /// Octets without a length.
  SshWriter& raw(std::string_view text);

  [[nodiscard]] const Bytes& octets() const { return octets_; }

 private:
  Bytes octets_;
};

/// Base64 (RFC 4648, clause 4) in one line, with padding.
std::string base64(ByteView octets);

}  // namespace tpmprobe::probes
