// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>

#include <fmt/format.h>

#include "doctor/checks.h"
#include "doctor/find_store.h"
#include "doctor/store_primary.h"
#include "knowledge/versions.h"

namespace tpmprobe::doctor {
namespace {

/// "~/.tpm2_pkcs11/tpm2_pkcs11.sqlite3: schema 8, token work, 2 keys".
std::string contents(const std::string& path, const host::Pkcs11Store& store) {
  std::vector<std::string> tokens;
  for (const auto& primary : store.primaries) {
    for (const auto& token : primary.tokens) tokens.push_back(token.label);
  }
  const auto keys = count_keys(store);
  return fmt::format("{}: schema {}, {}, {} key{}", path, store.schema,
                     tokens.empty() ? std::string("no token")
                                    : fmt::format("token{} {}", tokens.size() == 1 ? "" : "s",
                                                  fmt::join(tokens, ", ")),
                     keys, keys == 1 ? "" : "s");
}

bool upgrade_breaks(const std::string& version, const host::Pkcs11Store& store) {
  return store.string_mechanisms &&
         std::ranges::any_of(knowledge::broken_upgrades(), [&](const auto& broken) {
           return store.schema < broken.schema_below &&
                  knowledge::is_between(version, broken.from, broken.below);
         });
}

Diagnosis older_schema(const std::string& version, const host::Pkcs11Store& store,
                       std::string seen) {
  if (upgrade_breaks(version, store)) {
    return {"pkcs11.store", Health::fail,
            fmt::format("{}; tpm2-pkcs11 {} fails to upgrade it; its keys are well", seen, version),
            "Keep a copy, and upgrade with tpm2-pkcs11 1.10: tpm2_ptool dbup"};
  }
  return {"pkcs11.store", Health::warn,
          fmt::format("{}; tpm2-pkcs11 {} will upgrade it, and older ones then refuse it", seen,
                      version),
          "Keep a copy of that file before the next use."};
}

Diagnosis store_line(const Machine& machine, const std::string& path,
                     const host::Pkcs11Store& store) {
  auto seen = contents(path, store);
  const auto version = machine.version_of("libtpm2-pkcs11");
  if (!version) return {"pkcs11.store", Health::ok, std::move(seen), ""};
  const auto range = knowledge::store_schema_of(*version);
  if (range.most && store.schema > *range.most) {
    return {"pkcs11.store", Health::fail,
            fmt::format("{}; a newer tpm2-pkcs11 wrote it, and {} refuses it (\"DB Version exceeds "
                        "library version\")",
                        seen, *version),
            "Update tpm2-pkcs11."};
  }
  if (store.schema < range.least) return older_schema(*version, store, std::move(seen));
  return {"pkcs11.store", Health::ok, std::move(seen), ""};
}

void check_mode(const Machine& machine, const std::string& path, Diagnoses& lines) {
  const auto facts = machine.file(path);
  if (!facts) return;
  constexpr unsigned kOthers = 0077;
  const auto seen =
      fmt::format("the store is {}:{} {:04o}", facts->owner, facts->group, facts->mode);
  if (!facts->accessible) {
    lines.push_back({"pkcs11.mode", Health::warn, seen + ": this user cannot write it",
                     "Log in as its owner, or set TPM2_PKCS11_STORE to a folder of your own."});
    return;
  }
  lines.push_back({"pkcs11.mode", Health::ok,
                   (facts->mode & kOthers) == 0
                       ? seen
                       : seen + ", as tpm2_ptool makes it: the keys in it are sealed to the TPM",
                   ""});
}

std::optional<Diagnosis> no_store_line(const Machine& machine, const std::string& path) {
  if (path.empty()) {
    return Diagnosis{"pkcs11.store", Health::ok, "there is no store of tpm2-pkcs11", ""};
  }
  if (!machine.real_path(path)) {
    return Diagnosis{
        "pkcs11.store", Health::warn,
        fmt::format("TPM2_PKCS11_STORE names a folder without a store: there is no {}", path),
        "Run: unset TPM2_PKCS11_STORE; or make a store there: tpm2_ptool init"};
  }
  if (machine.has_file(path)) return std::nullopt;
  return Diagnosis{"pkcs11.store", Health::fail,
                   fmt::format("{} should be the PKCS#11 store, and is no regular file", path),
                   "Move it away, and put the store or a copy of it there."};
}

}  // namespace

void check_store(const Machine& machine, Diagnoses& lines) {
  const auto path = find_store(machine);
  if (auto none = no_store_line(machine, path)) return lines.push_back(std::move(*none));
  std::string error;
  const auto store = read_store(machine, error);
  if (!store) {
    lines.push_back({"pkcs11.store", Health::fail, "the PKCS#11 store cannot be read: " + error,
                     "Put a copy of it back, or make a new one: tpm2_ptool init."});
    return;
  }
  lines.push_back(store_line(machine, path, *store));
  check_mode(machine, path, lines);
  for (const auto& primary : store->primaries) {
    if (auto line = primary_line(machine, primary)) lines.push_back(std::move(*line));
  }
}

}  // namespace tpmprobe::doctor
