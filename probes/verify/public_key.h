// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string_view>

#include "probes/verify/curves.h"
#include "probes/verify/openssl.h"
#include "tpm/error.h"
#include "tpm/key.h"

namespace tpmprobe::probes {

/// A point as 04 || x || y with coordinates padded to the field (SEC 1, 2.3.3); nullopt if one does
/// not fit. Whether it is on the curve is not looked at.
std::optional<Bytes> uncompressed_point(const Curve& curve, ByteView x, ByteView y);

/// The point of these coordinates; null if it is not on the curve or a coordinate is not below p.
openssl::Point decode_point(const Curve& curve, ByteView x, ByteView y);

/// An RSA key for EVP. Fails with `malformed` on what no TPM may give: an empty or even modulus, an
/// exponent that is even or below 3.
Expected<openssl::Key> rsa_key(const tpm::PublicKey& key);

/// A key on `curve` for EVP, of type "SM2" on SM2_P256 and "EC" elsewhere. Fails with `malformed`
/// if the point is not on the curve.
Expected<openssl::Key> ecc_key(const Curve& curve, const tpm::PublicKey& key);

/// The public key of a "PUBLIC KEY" in PEM (RFC 7468, 13), RSA or on a curve that a TPM has, as a
/// TPM would give it. Error: malformed.
Expected<tpm::PublicKey> public_key_from_pem(std::string_view pem);

/// An ECDSA signature from its DER form (RFC 3279, 2.2.3) with the hash that was signed. Error:
/// malformed.
Expected<tpm::Signature> ecdsa_from_der(ByteView der, tpm::AlgId hash);

}  // namespace tpmprobe::probes
