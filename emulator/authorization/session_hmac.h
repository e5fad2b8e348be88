// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "knowledge/wire.h"
#include "tpm/bytes.h"

namespace tpmprobe::emulator {

/// What an HMAC of a session covers beside the parameters (Part 1, 19.6.5).
struct SessionHmac {
  std::uint16_t hash = 0;  ///< TPM_ALG_ID of the session
  Bytes newer, older;      ///< nonces
  Bytes others;            ///< nonceTPM of other sessions that decrypt or encrypt, for the first
  std::uint8_t attributes = 0;
};

/// The HMAC with this key over a cpHash or rpHash and the rest; empty if OpenSSL has no such hash.
Bytes compute(const SessionHmac& covered, ByteView key, ByteView parameter_hash);

/// What cpHash is the digest of: command code, Names of all handles, parameters (Part 1, 18.7).
Bytes command_octets(const knowledge::WireCommand& command, ByteView names);

/// What rpHash of a success is the digest of: response code, command code, parameters.
Bytes response_octets(std::uint32_t command_code, ByteView parameters);

}  // namespace tpmprobe::emulator
