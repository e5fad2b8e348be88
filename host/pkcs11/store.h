// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tpm/bytes.h"

namespace tpmprobe::host {

/// The object by which a token is opened; only its parent can load it.
struct SealedObject {
  std::string token;                ///< label
  Bytes public_area, private_area;  ///< TPM2B_PUBLIC, TPM2B_PRIVATE
};

/// A token of a store.
struct StoreToken {
  std::string label;
  std::string tcti;  ///< its own TPM (tpm2_ptool config --key tcti), mostly empty
};

/// A primary of a store of tpm2-pkcs11, its tokens, and the keys in these.
struct StorePrimary {
  int id = 0;                           ///< of the store ("pid")
  bool transient = false;               ///< made anew from a template each time
  std::string template_name;            ///< of a transient one: "tpm2-tools-default"
  bool has_auth = false;                ///< it has an authorization value
  std::optional<std::uint32_t> handle;  ///< of a persistent one
  std::string name;                     ///< its Name when the store was made, hex
  std::vector<StoreToken> tokens;       ///< those with a label; the empty one has none
  std::vector<SealedObject> sealed;     ///< one for each token
  std::vector<std::string> keys;        ///< "token/label" of the private keys
};

/// What stands in a store.
struct Pkcs11Store {
  int schema = 0;
  /// A key has its mechanisms as one string of hex, as the C library of 1.5 to 1.8 wrote it.
  bool string_mechanisms = false;
  std::vector<StorePrimary> primaries;
};

/// Reads tpm2_pkcs11.sqlite3 (tpm2-pkcs11, docs/DB) and writes nothing, no journal either. The
/// error is one clause.
std::optional<Pkcs11Store> read_pkcs11_store(const std::string& file, std::string& error);

}  // namespace tpmprobe::host
