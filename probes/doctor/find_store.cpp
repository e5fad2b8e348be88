// SPDX-License-Identifier: BSD-2-Clause
#include "probes/doctor/find_store.h"

#include "probes/pkcs11/find_store.h"

namespace tpmprobe::probes {

std::string find_store(const Machine& machine) {
  const auto found = find_pkcs11_store(
      machine.variable("TPM2_PKCS11_STORE"), machine.home,
      [&](const std::string& path) { return machine.real_path(path).has_value(); });
  return found ? machine.absolute(*found) : "";
}

std::optional<Pkcs11Store> read_store(const Machine& machine, std::string& error) {
  const auto path = find_store(machine);
  if (path.empty() || !machine.has_file(path)) return std::nullopt;
  return read_pkcs11_store(machine.place(path), error);
}

std::size_t count_keys(const Pkcs11Store& store) {
  std::size_t keys = 0;
  for (const auto& primary : store.primaries) keys += primary.keys.size();
  return keys;
}

}  // namespace tpmprobe::probes
