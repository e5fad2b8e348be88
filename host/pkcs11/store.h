// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tpm/bytes.h"

namespace tpmprobe::host {

/// The file name of a store of tpm2-pkcs11 in its folder.
inline constexpr const char* kStoreFile = "/tpm2_pkcs11.sqlite3";

/// Where tpm2-pkcs11 looks for a store, in its order (docs/INITIALIZING.md): the folder of
/// $TPM2_PKCS11_STORE and no other, /etc/tpm2_pkcs11, `home`/.tpm2_pkcs11. The value is the path of
/// the file; nullopt if `exists` says of none that it is there. With the variable set it is that
/// path whether or not it is there.
std::optional<std::string> find_pkcs11_store(
    const std::optional<std::string>& variable, const std::string& home,
    const std::function<bool(const std::string& path)>& exists);

/// The home of this user: what $HOME says, else what the account database says; "/" if neither
/// does.
std::string home_of_user(const std::optional<std::string>& variable);

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
