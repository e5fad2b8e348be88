// SPDX-License-Identifier: BSD-2-Clause
#include "doctor/find_store.h"

#include "host/pkcs11/find_store.h"

namespace tpmprobe::doctor {

std::string find_store(const Machine& machine) {
  const auto found = host::find_pkcs11_store(
      machine.variable("TPM2_PKCS11_STORE"), machine.home,
      [&](const std::string& path) { return machine.real_path(path).has_value(); });
  return found ? machine.absolute(*found) : "";
}

std::optional<host::Pkcs11Store> read_store(const Machine& machine, std::string& error) {
  const auto path = find_store(machine);
  if (path.empty() || !machine.has_file(path)) return std::nullopt;
  return host::read_pkcs11_store(machine.place(path), error);
}

std::size_t count_keys(const host::Pkcs11Store& store) {
  std::size_t keys = 0;
  for (const auto& primary : store.primaries) keys += primary.keys.size();
  return keys;
}

}  // namespace tpmprobe::doctor
