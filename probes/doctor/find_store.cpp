// SPDX-License-Identifier: BSD-2-Clause
#include "probes/doctor/find_store.h"

#include "probes/pkcs11/find_store.h"

namespace tpmprobe::probes {

std::string find_store(const Machine& machine) {
  const auto found =
      find_pkcs11_store(machine.variable("TPM2_PKCS11_STORE"), machine.home,
                        [&](const std::string& path) { return machine.content(path).has_value(); });
  return found.value_or("");
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
