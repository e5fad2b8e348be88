// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <sstream>

#include <fmt/format.h>

#include "probes/doctor/checks.h"
#include "probes/pkcs11/store.h"

namespace tpmprobe::probes {
namespace {

constexpr const char* kFile = "/tpm2_pkcs11.sqlite3";
/// What tpm2-pkcs11 1.9 writes and reads.
constexpr int kSchema = 8;
/// sshd's MaxAuthTries is 6; the sixth offer that fails is the last.
constexpr std::size_t kMostOffers = 5;

/// Where tpm2-pkcs11 looks, in its order.
std::string find_store(const Machine& machine) {
  if (const auto said = machine.variable("TPM2_PKCS11_STORE")) return *said + kFile;
  for (const auto& folder : {machine.home + "/.tpm2_pkcs11", std::string("/etc/tpm2_pkcs11")}) {
    if (machine.content(folder + kFile)) return folder + kFile;
  }
  return "";
}

void check_mode(const Machine& machine, const std::string& path, Diagnoses& lines) {
  constexpr unsigned kOthers = 0077;
  const auto facts = machine.file(path);
  if (!facts || (facts->mode & kOthers) == 0) return;
  lines.push_back(
      {"pkcs11.mode", Health::ok,
       fmt::format("the store has mode {:04o}: tpm2_ptool makes it so; the keys in it are "
                   "sealed to the TPM",
                   facts->mode),
       ""});
}

std::string names(const std::vector<std::string>& keys) {
  return keys.empty() ? "no keys" : fmt::format("{}", fmt::join(keys, ", "));
}

void check_primary(const Machine& machine, const StorePrimary& primary, Diagnoses& lines) {
  if (primary.transient || !primary.handle) {
    lines.push_back(
        {"pkcs11.primary", Health::unknown,
         fmt::format("the primary of {} is transient: a clear does not show in a handle",
                     names(primary.keys)),
         "Run: tpmprobe report before and after; its owner primary tells."});
    return;
  }
  if (machine.tpm.unreachable) return;
  const auto found = machine.tpm.persistent_names.find(*primary.handle);
  if (found == machine.tpm.persistent_names.end()) {
    lines.push_back(
        {"pkcs11.primary", Health::fail,
         fmt::format("the TPM was cleared: {:#010x} is gone, and with it for good: {}",
                     *primary.handle, names(primary.keys)),
         "Make a new store and new keys, and replace the public keys on your servers."});
  } else if (found->second != primary.name) {
    lines.push_back({"pkcs11.primary", Health::fail,
                     fmt::format("another key is at {:#010x} (TPM cleared, or parent of another "
                                 "template): these cannot be loaded: {}",
                                 *primary.handle, names(primary.keys)),
                     "If the TPM was cleared, make new keys; else put the old parent back."});
  } else {
    lines.push_back(
        {"pkcs11.primary", Health::ok,
         fmt::format("{:#010x} is the parent of {}", *primary.handle, names(primary.keys)), ""});
  }
}

bool offers_all_keys(const Machine& machine) {
  std::string text = machine.content(machine.home + "/.ssh/config").value_or("") + "\n" +
                     machine.content("/etc/ssh/ssh_config").value_or("");
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text.find("identitiesonly yes") == std::string::npos;
}

void check_key_count(const Machine& machine, const Pkcs11Store& store, Diagnoses& lines) {
  std::size_t keys = 0;
  for (const auto& primary : store.primaries) keys += primary.keys.size();
  if (keys > kMostOffers && offers_all_keys(machine)) {
    lines.push_back(
        {"ssh.keys", Health::warn,
         fmt::format("the store has {} keys and ssh offers all of them: sshd ends after six "
                     "tries with \"Too many authentication failures\"",
                     keys),
         "Put IdentitiesOnly yes and IdentityFile KEY.pub into ~/.ssh/config."});
  } else {
    lines.push_back({"ssh.keys", Health::ok, fmt::format("ssh has {} keys to offer", keys), ""});
  }
}

}  // namespace

void check_store(const Machine& machine, Diagnoses& lines) {
  const auto path = find_store(machine);
  if (path.empty()) {
    lines.push_back({"pkcs11.store", Health::ok, "there is no store of tpm2-pkcs11", ""});
    return;
  }
  std::string error;
  const auto place = machine.root / std::filesystem::path(path).relative_path();
  const auto store = read_pkcs11_store(place, error);
  if (!store) {
    lines.push_back({"pkcs11.store", Health::fail, "the PKCS#11 store cannot be read: " + error,
                     "Put a copy of it back, or make a new one: tpm2_ptool init."});
    return;
  }
  lines.push_back(
      {"pkcs11.store", store->schema > kSchema ? Health::warn : Health::ok,
       fmt::format("the store has schema {}", store->schema),
       store->schema > kSchema ? "Update tpm2-pkcs11: a newer one wrote this store." : ""});
  check_mode(machine, path, lines);
  for (const auto& primary : store->primaries) check_primary(machine, primary, lines);
  check_key_count(machine, *store, lines);
}

}  // namespace tpmprobe::probes
