// SPDX-License-Identifier: BSD-2-Clause
#include "host/pkcs11/store.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "doctor/diagnosis.h"
#include "doctor/machine.h"
#include "doctor/tcti_choice.h"
#include "knowledge/versions.h"

namespace tpmprobe::doctor {
namespace {

constexpr const char* kCheckStore = "Run: tpmprobe ssh --check-store";
constexpr const char* kPutBack =
    "Run: tpmprobe ssh --check-store; it says how to restore the parent.";
constexpr const char* kCheckOrNewKeys =
    "Run: tpmprobe ssh --check-store; if it does not find the parent either, create new keys, and "
    "replace the public keys on your servers.";

std::string names(const std::vector<std::string>& keys) {
  return keys.empty() ? "no key" : fmt::format("{}", fmt::join(keys, ", "));
}

Diagnosis line(Health health, std::string seen, std::string fix = "") {
  return {"pkcs11.primary", health, std::move(seen), std::move(fix)};
}

/// Without a key below it nobody misses a parent.
Health health_without(const host::StorePrimary& primary) {
  return primary.keys.empty() ? Health::warn : Health::fail;
}

std::string lost(const host::StorePrimary& primary) {
  return primary.keys.empty() ? "it had no keys below it"
                              : "permanently lost: " + names(primary.keys);
}

bool others_remain(const TpmFacts& tpm) {
  const auto& listed = tpm.capabilities.handles.persistent;
  return listed && std::ranges::any_of(*listed, is_of_owner);
}

/// A clear sets the Clock to 0 (Part 3, 24.6), and it counts at most the time that passes: one that
/// is older than the store file's last change has seen no clear since that. A file of the future
/// tells nothing.
bool outlived_by_clock(const Machine& machine) {
  const auto store = machine.file(find_store(machine));
  if (!store || !machine.tpm.clock_s || store->changed_s > machine.now_s) return false;
  return static_cast<std::int64_t>(*machine.tpm.clock_s) > machine.now_s - store->changed_s;
}

/// What tpm2-pkcs11 opens for a token of this primary, if that is another TPM.
std::optional<TctiChoice> choice_of_another(const Machine& machine,
                                            const host::StorePrimary& primary) {
  auto usual = tcti_by_variable(machine, "TPM2_PKCS11_TCTI");
  if (primary.tokens.empty() && is_of_another_tpm(machine, usual)) return usual;
  for (const auto& token : primary.tokens) {
    auto choice = token.tcti.empty() ? usual : TctiChoice{token.tcti, "its own setting", "tcti"};
    if (is_of_another_tpm(machine, choice)) return choice;
  }
  return std::nullopt;
}

Diagnosis of_another_tpm(const Machine& machine, const host::StorePrimary& primary,
                         const TctiChoice& choice) {
  return line(Health::unknown,
              fmt::format("the store may belong to a TPM other than {}, which does not have this "
                          "key at {:#010x}: tpm2-pkcs11 uses {}",
                          opened_tcti(machine), *primary.handle, choice.tcti),
              "Run this again with the --tcti of that TPM.");
}

Diagnosis unread(const Machine& machine, const host::StorePrimary& primary) {
  return line(Health::unknown,
              machine.tpm.capabilities.handles.persistent
                  ? fmt::format("the key at {:#010x} could not be read, so it is unknown whether "
                                "it is the parent of {}",
                                *primary.handle, names(primary.keys))
                  : fmt::format("could not list the persistent keys, so it is unknown whether the "
                                "parent of {} still exists",
                                names(primary.keys)),
              kCheckStore);
}

Diagnosis gone(const Machine& machine, const host::StorePrimary& primary) {
  const bool counted = outlived_by_clock(machine);
  if (!counted && !others_remain(machine.tpm)) {
    return line(health_without(primary),
                primary.keys.empty() ? fmt::format("{:#010x} is gone, as it would be if the TPM "
                                                   "had been cleared; it had no keys below it",
                                                   *primary.handle)
                                     : fmt::format("{:#010x} is gone, as it would be if the TPM "
                                                   "had been cleared; permanently lost with it: {}",
                                                   *primary.handle, names(primary.keys)),
                kCheckOrNewKeys);
  }
  return line(
      health_without(primary),
      fmt::format("{:#010x}, the parent of {}, is gone, {}", *primary.handle, names(primary.keys),
                  counted ? "but the TPM has not been cleared since the store file was last "
                            "written: it was evicted"
                          : "but other keys of the owner exist: it was evicted, or the TPM was "
                            "cleared and other keys were created"),
      kPutBack);
}

/// Of one template and one seed comes one key (Part 1, 14.4), and tpm2_ptool init has one template.
Diagnosis replaced(const Machine& machine, const PersistentObject& found,
                   const host::StorePrimary& primary) {
  const bool of_tools = found.form == form_of(tpm::ParentTemplate::tools_rsa);
  if (of_tools && !outlived_by_clock(machine)) {
    return line(health_without(primary),
                fmt::format("the TPM was cleared: the key at {:#010x} has tpm2_ptool's template "
                            "but comes from another seed; {}",
                            *primary.handle, lost(primary)),
                kCheckOrNewKeys);
  }
  return line(
      health_without(primary),
      of_tools ? fmt::format(
                     "there is another key at {:#010x}, but the TPM has not been cleared since the "
                     "store file was last written: {} may still be valid under their own parent",
                     *primary.handle, names(primary.keys))
               : fmt::format("the parent at {:#010x} has another template: {} may still be valid "
                             "under their own parent",
                             *primary.handle, names(primary.keys)),
      kCheckStore);
}

/// Whether the primary that tokens hang on is still the one in the TPM: `pkcs11.primary`. nullopt
/// if the TPM could not be asked.
std::optional<Diagnosis> primary_line(const Machine& machine, const host::StorePrimary& primary) {
  const auto keys = names(primary.keys);
  if (primary.transient || !primary.handle) {
    return line(Health::unknown,
                fmt::format("the parent of {} is created again for each use, so no handle shows "
                            "whether it is still the same",
                            keys),
                kCheckStore);
  }
  constexpr std::uint32_t kType = 24, kTransient = 0x80;
  if (*primary.handle >> kType == kTransient) {
    return line(Health::fail,
                fmt::format("the store names a loaded object ({:#010x}) as the parent of {}: a "
                            "context from before a reboot",
                            *primary.handle, keys),
                "Make its parent persistent (tpm2_evictcontrol), and create a new store with it: "
                "tpm2_ptool init --primary-handle 0x81000001");
  }
  if (machine.tpm.unreachable || machine.tpm.failed) return std::nullopt;
  if (machine.is_embedded()) {
    return line(Health::unknown, "the store belongs to a TPM other than the one inside tpmprobe");
  }
  const auto presence = presence_of(machine.tpm, *primary.handle);
  const auto found = machine.tpm.persistent.find(*primary.handle);
  if (presence == Presence::read && found->second.name == primary.name) {
    return line(Health::ok, fmt::format("{:#010x} is the parent of {}", *primary.handle, keys));
  }
  if (presence == Presence::unread) return unread(machine, primary);
  if (const auto choice = choice_of_another(machine, primary)) {
    return of_another_tpm(machine, primary, *choice);
  }
  if (presence == Presence::gone) return gone(machine, primary);
  return replaced(machine, found->second, primary);
}

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
    return {
        "pkcs11.store", Health::fail,
        fmt::format("{}; tpm2-pkcs11 {} fails to upgrade it; its keys are intact", seen, version),
        "Make a copy, and upgrade it with tpm2-pkcs11 1.10: tpm2_ptool dbup"};
  }
  return {"pkcs11.store", Health::warn,
          fmt::format("{}; tpm2-pkcs11 {} will upgrade it, and older versions will then refuse it",
                      seen, version),
          "Make a copy of that file before using it again."};
}

Diagnosis store_line(const Machine& machine, const std::string& path,
                     const host::Pkcs11Store& store) {
  auto seen = contents(path, store);
  const auto version = machine.version_of("libtpm2-pkcs11");
  if (!version) return {"pkcs11.store", Health::ok, std::move(seen), ""};
  const auto range = knowledge::store_schema_of(*version);
  if (range.most && store.schema > *range.most) {
    return {"pkcs11.store", Health::fail,
            fmt::format("{}; it was written by a newer tpm2-pkcs11, and {} refuses it (\"DB "
                        "Version exceeds library version\")",
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
                       : seen + ", as tpm2_ptool creates it: the keys in it are sealed to the TPM",
                   ""});
}

std::optional<Diagnosis> no_store_line(const Machine& machine, const std::string& path) {
  if (path.empty()) {
    return Diagnosis{"pkcs11.store", Health::ok, "there is no tpm2-pkcs11 store", ""};
  }
  if (!machine.real_path(path)) {
    return Diagnosis{
        "pkcs11.store", Health::warn,
        fmt::format("TPM2_PKCS11_STORE names a folder without a store: {} does not exist", path),
        "Run: unset TPM2_PKCS11_STORE; or create a store there: tpm2_ptool init"};
  }
  if (machine.has_file(path)) return std::nullopt;
  return Diagnosis{"pkcs11.store", Health::fail,
                   fmt::format("{} should be the PKCS#11 store but is not a regular file", path),
                   "Move it away, and put the store or a copy of it in its place."};
}

}  // namespace

void check_store(const Machine& machine, Diagnoses& lines) {
  const auto path = find_store(machine);
  if (auto none = no_store_line(machine, path)) return lines.push_back(std::move(*none));
  std::string error;
  const auto store = read_store(machine, error);
  if (!store) {
    lines.push_back({"pkcs11.store", Health::fail, "the PKCS#11 store cannot be read: " + error,
                     "Restore it from a copy, or create a new one: tpm2_ptool init."});
    return;
  }
  lines.push_back(store_line(machine, path, *store));
  check_mode(machine, path, lines);
  for (const auto& primary : store->primaries) {
    if (auto line = primary_line(machine, primary)) lines.push_back(std::move(*line));
  }
}

}  // namespace tpmprobe::doctor
