// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string_view>

#include "probes/verify/openssl.h"
#include "probes/verify/verify.h"
#include "tpm/key.h"

namespace tpmprobe::probes {

/// The octets of a string of hexadecimal digits.
Bytes unhex(std::string_view digits);

/// The octets of a text.
Bytes octets_of(std::string_view text);

/// A key pair that OpenSSL made, with its public half in the form of a TPM.
struct TestKey {
  openssl::Key pair;
  tpm::PublicKey key;
};

TestKey make_rsa_key(unsigned bits);

/// On any curve of `curve_names()`; BN curves by their parameters, since OpenSSL has no name for
/// them.
TestKey make_ecc_key(tpm::CurveId curve);

/// An RSA key pair that every test shares, since making one costs most of a second under
/// sanitizers.
const TestKey& shared_rsa2048();

/// A signature made by OpenSSL over `digest`; `salt_length` is for RSAPSS only.
tpm::Signature sign_rsa(const TestKey& key, tpm::AlgId scheme, tpm::AlgId hash, ByteView digest,
                        int salt_length = 0);

/// ECDSA, or SM2 with a key on SM2_P256; r and s are padded to the octets of the group order.
tpm::Signature sign_ecc(const TestKey& key, tpm::AlgId hash, ByteView digest);

/// The same octets with the lowest bit of the last one turned over.
Bytes tampered(Bytes octets);

}  // namespace tpmprobe::probes
