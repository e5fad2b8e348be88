// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "tpm/commands/objects.h"

/// Keys whose private halves everybody may know. They are test vectors and no secrets: nothing may
/// ever trust them.
namespace tpmprobe::probes {

/// The RSA-2048 key that was made for `leading_zero_message`.
tpm::ExternalKey known_rsa2048();

/// A message whose RSASSA signature with SHA-256 by `known_rsa2048`, of which there is only one
/// (RFC 8017, 8.2), begins with a zero octet.
std::string leading_zero_message();

/// The key on NIST P-256 of RFC 6979, A.2.5.
tpm::ExternalKey known_p256();

/// The message to sign for the `number`th time: all are different.
std::string numbered_message(int number);

}  // namespace tpmprobe::probes
