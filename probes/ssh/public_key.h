// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>

#include "tpm/bytes.h"
#include "tpm/error.h"
#include "tpm/key.h"

namespace tpmprobe::probes {

/// The public key in the form of SSH: RFC 4253, 6.6 (ssh-rsa) and RFC 5656, 3.1 (ecdsa-sha2-*, the
/// point uncompressed). Fails with `malformed` if ssh has no key type for it, or if a coordinate is
/// longer than the curve's field.
Expected<Bytes> public_key_blob(const tpm::PublicKey& key);

/// One line as in ~/.ssh/id_*.pub and authorized_keys: key type, base64, comment; no line end.
Expected<std::string> public_key_line(const tpm::PublicKey& key, std::string_view comment);

/// "SHA256:" and the base64 of the blob's digest without padding, as `ssh-keygen -l` shows it.
std::string ssh_fingerprint(ByteView public_key_blob);

}  // namespace tpmprobe::probes
