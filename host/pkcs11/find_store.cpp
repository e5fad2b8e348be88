// SPDX-License-Identifier: BSD-2-Clause
#include "host/pkcs11/find_store.h"

#include <pwd.h>
#include <unistd.h>

namespace tpmprobe::host {

std::optional<std::string> find_pkcs11_store(
    const std::optional<std::string>& variable, const std::string& home,
    const std::function<bool(const std::string& path)>& exists) {
  if (variable && !variable->empty()) return *variable + kStoreFile;
  for (const auto& folder : {std::string("/etc/tpm2_pkcs11"), home + "/.tpm2_pkcs11"}) {
    if (exists(folder + kStoreFile)) return folder + kStoreFile;
  }
  return std::nullopt;
}

std::string home_of_user(const std::optional<std::string>& variable) {
  if (variable && !variable->empty()) return *variable;
  const passwd* entry = ::getpwuid(::geteuid());
  return entry != nullptr ? entry->pw_dir : "/";
}

}  // namespace tpmprobe::host
