// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tpm/key.h"

namespace tpmprobe::probes {

/// Something about a public key that makes it weak, or another one than was asked for.
struct KeyFault {
  std::string_view evidence;  ///< a word of knowledge/evidence.h
  std::string text;           ///< one clause without a final full stop
};

/// What is wrong with an RSA key that was asked for with `bits` bits of modulus and the exponent
/// 65537 (TPMS_RSA_PARMS, Part 2, 12.2.3.5): both of these, and the fingerprint of CVE-2017-15361.
/// Empty if nothing is. Looks at the public half alone, and factors nothing.
std::vector<KeyFault> rsa_key_faults(const tpm::PublicKey& key, unsigned bits);

}  // namespace tpmprobe::probes
