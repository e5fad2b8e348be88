// SPDX-License-Identifier: BSD-2-Clause
#include "probes/doctor/find_store.h"

namespace tpmprobe::probes {

std::string find_store(const Machine& machine) {
  constexpr const char* kFile = "/tpm2_pkcs11.sqlite3";
  if (const auto said = machine.variable("TPM2_PKCS11_STORE")) return *said + kFile;
  for (const auto& folder : {std::string("/etc/tpm2_pkcs11"), machine.home + "/.tpm2_pkcs11"}) {
    if (machine.content(folder + kFile)) return folder + kFile;
  }
  return "";
}

std::optional<Pkcs11Store> read_store(const Machine& machine, std::string& error) {
  const auto path = find_store(machine);
  if (path.empty()) return std::nullopt;
  return read_pkcs11_store(machine.root / std::filesystem::path(path).relative_path(), error);
}

std::size_t count_keys(const Pkcs11Store& store) {
  std::size_t keys = 0;
  for (const auto& primary : store.primaries) keys += primary.keys.size();
  return keys;
}

}  // namespace tpmprobe::probes
