// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>

#include "tpm/bytes.h"

namespace tpmprobe::tpm {

/// TPM_ALG_ID (TCG Algorithm Registry); names and attributes are in knowledge/algorithms.h.
using AlgId = std::uint16_t;
/// TPM_ECC_CURVE.
using CurveId = std::uint16_t;

/// TPMT_SIG_SCHEME: how to sign. `count` is the commit counter of ECDAA, else 0.
struct Scheme {
  AlgId algorithm = 0x0010;  // TPM_ALG_NULL
  AlgId hash = 0x0010;
  std::uint16_t count = 0;
  bool operator==(const Scheme&) const = default;
};

/// What a key is made for.
enum class KeyUse : std::uint8_t {
  storage,       ///< restricted decrypt: a parent of other keys
  sign,          ///< unrestricted signing
  sign_decrypt,  ///< unrestricted both: the raw RSA way of tpm2-pkcs11
  seal,          ///< neither: holds data that the caller gives (keyed hash only)
};

/// What TPM2_Create is asked for. Every object has noDA, and sensitiveDataOrigin unless it is made
/// of data of the caller's. Without a policy it has the marker of tpmprobe as its authPolicy.
struct KeyTemplate {
  enum class Type : std::uint8_t { rsa, ecc, keyed_hash };
  Type type = Type::ecc;
  std::uint16_t key_bits = 0;  ///< RSA
  CurveId curve = 0;           ///< ECC
  KeyUse use = KeyUse::sign;
  Scheme scheme;  ///< TPM_ALG_NULL: chosen at each signature; TPM_ALG_HMAC of a keyed hash
  /// authPolicy, the digest that a policy session has to arrive at. Only for what lies below a
  /// marked parent, by which it is known as ours (tpm/marker.h).
  Bytes policy = {};
  bool user_with_auth = true;  ///< its auth value opens it too
  bool operator==(const KeyTemplate&) const = default;
};

/// The public half of a key as the TPM gave it.
struct PublicKey {
  KeyTemplate::Type type = KeyTemplate::Type::ecc;
  std::uint16_t key_bits = 0;
  Bytes modulus;               ///< RSA, big endian, as many octets as the TPM gave
  std::uint32_t exponent = 0;  ///< RSA; the TPM's 0 is already 65537 here
  CurveId curve = 0;
  Bytes x, y;  ///< ECC point, big endian, as many octets as the TPM gave; both empty otherwise
};

/// TPMS_SENSITIVE_CREATE (Part 2, 11.1.15): what a new object is given by its maker.
struct Sensitive {
  Bytes auth;  ///< its authorization value
  Bytes data;  ///< what to seal, or the key of a keyed hash; empty: the TPM makes it
};

/// A created key that is not loaded: TPM2B_PRIVATE and TPM2B_PUBLIC in wire form.
struct KeyBlob {
  Bytes private_area, public_area;
  PublicKey key;
};

/// TPMT_SIGNATURE with the octets exactly as the TPM gave them.
struct Signature {
  AlgId algorithm = 0;
  AlgId hash = 0;
  Bytes rsa;   ///< RSASSA, RSAPSS
  Bytes r, s;  ///< ECDSA, ECSCHNORR, SM2; for ECDAA r is the nonce of the signature ("k")
};

/// Answer of TPM2_Commit with empty P1, s2 and y2: E = [r]G.
struct Commitment {
  std::uint16_t counter = 0;
  Bytes x, y;
};

}  // namespace tpmprobe::tpm
