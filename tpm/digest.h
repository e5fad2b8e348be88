// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <span>

#include <openssl/types.h>

#include "tpm/bytes.h"
#include "tpm/key.h"

namespace tpmprobe::tpm {

/// A hash of the TCG Algorithm Registry and the name that OpenSSL knows it by.
struct HashName {
  AlgId id = 0;
  const char* openssl = nullptr;
};

/// Every hash that can be computed outside the TPM, by ascending TPM_ALG_ID.
std::span<const HashName> hash_names();

/// OpenSSL's own object for a hash, null if there is none (unknown id, or OpenSSL without it).
const EVP_MD* find_hash(AlgId hash);

/// Size of the digest in octets, 0 if the hash cannot be computed here.
std::size_t digest_size(AlgId hash);

/// The digest of `data`, computed by OpenSSL; empty if the hash cannot be computed here.
Bytes digest(AlgId hash, ByteView data);

/// The Name of an object: nameAlg and the digest of its public area, a TPMT_PUBLIC in its wire form
/// (Part 1, 16 "Names"). Empty if the area is too short to have a nameAlg, or OpenSSL does not have
/// that hash.
Bytes name_of(ByteView public_area);

}  // namespace tpmprobe::tpm
