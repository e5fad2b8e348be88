// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tpm/bytes.h"
#include "tpm/key.h"

namespace tpmprobe::probes {

/// What somebody other than the TPM says of a signature of the TPM.
struct VerifyOutcome {
  /// The signature is right for this key and digest.
  bool valid = false;
  /// False if nobody here can tell: unknown scheme, curve or hash, an OpenSSL without it, or ECDAA
  /// without its commitment. `valid` is then false and says nothing about the TPM.
  bool checked = true;
  /// If not valid, why; one clause without a final full stop.
  std::string why;
  /// Who looked at it: "OpenSSL 3.0.22", or "EC_POINT" for an equation of our own over OpenSSL's
  /// group arithmetic. Empty if and only if not `checked`.
  std::string by;
  /// What a lenient verifier forgives and a strict one does not, whether `valid` or not: a
  /// component with a leading zero too few or too many, an ECSCHNORR r that is not below the group
  /// order. Empty if every octet is where it belongs.
  std::string shape_defect;
  /// The same as a word of knowledge/evidence.h; empty if it has none.
  std::string_view shape_evidence = {};
};

/// Checks a signature outside the TPM, over a digest that was computed outside the TPM.
///
/// RSASSA, RSAPSS with any salt length; ECDSA; SM2 over the digest as it is, as TPM2_Sign does it
/// (no Z value in front); ECSCHNORR and ECDAA by TPM 2.0 Part 1, Annex C. On every curve of
/// `curve_names()`. ECDAA needs `commitment`, the answer of the TPM2_Commit (Part 3) whose counter
/// the signature used; the other schemes leave it aside.
///
/// A public key that cannot be (point not on its curve, even modulus) makes the outcome invalid.
VerifyOutcome verify_signature(const tpm::PublicKey& key, const tpm::Signature& signature,
                               ByteView digest, const tpm::Commitment* commitment = nullptr);

/// The signature is not right, or the key is not one.
VerifyOutcome refused(std::string why);

/// Nobody here can tell.
VerifyOutcome not_checked(std::string why);

/// What a verifier that says only yes or no has said.
VerifyOutcome judged(bool valid);

/// "r has 31 octets, the group order 32", or nothing if the two are equal.
std::string size_defect(std::string_view what, std::size_t found, std::string_view measure,
                        std::size_t expected);

}  // namespace tpmprobe::probes
