// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <optional>
#include <string>

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

}  // namespace tpmprobe::host
