// SPDX-License-Identifier: BSD-2-Clause
#include "doctor/store_primary.h"

#include <algorithm>

#include <fmt/format.h>

#include "doctor/find_store.h"
#include "doctor/parent_forms.h"
#include "doctor/persistent.h"
#include "doctor/tcti_choice.h"

namespace tpmprobe::doctor {
namespace {

constexpr const char* kCheckStore = "Run: tpmprobe ssh --check-store";
constexpr const char* kPutBack =
    "Run: tpmprobe ssh --check-store; it tells how to put the parent back.";
constexpr const char* kCheckOrNewKeys =
    "Run: tpmprobe ssh --check-store; if that finds no parent either, make new keys, and replace "
    "the public keys on your servers.";

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
  return primary.keys.empty() ? "no key was in it" : "gone for good: " + names(primary.keys);
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
              fmt::format("the store may be of another TPM than {}, which has no such key at "
                          "{:#010x}: tpm2-pkcs11 uses {}",
                          opened_tcti(machine), *primary.handle, choice.tcti),
              "Look again with --tcti of that TPM.");
}

Diagnosis unread(const Machine& machine, const host::StorePrimary& primary) {
  return line(Health::unknown,
              machine.tpm.capabilities.handles.persistent
                  ? fmt::format("a key is at {:#010x}, and could not be read: whether it is the "
                                "parent of {} does not show",
                                *primary.handle, names(primary.keys))
                  : fmt::format("which persistent keys are there could not be read: whether the "
                                "parent of {} is does not show",
                                names(primary.keys)),
              kCheckStore);
}

Diagnosis gone(const Machine& machine, const host::StorePrimary& primary) {
  const bool counted = outlived_by_clock(machine);
  if (!counted && !others_remain(machine.tpm)) {
    return line(
        health_without(primary),
        primary.keys.empty()
            ? fmt::format("{:#010x} is gone, as after a clear of the TPM; no key was in it",
                          *primary.handle)
            : fmt::format("{:#010x} is gone, as after a clear of the TPM, and with it for good: {}",
                          *primary.handle, names(primary.keys)),
        kCheckOrNewKeys);
  }
  return line(
      health_without(primary),
      fmt::format("{:#010x}, the parent of {}, is gone, {}", *primary.handle, names(primary.keys),
                  counted ? "and the TPM was not cleared since the store file was last "
                            "written: somebody evicted it"
                          : "and other keys of the owner are there: somebody evicted it, "
                            "or cleared the TPM and made others"),
      kPutBack);
}

/// Of one template and one seed comes one key (Part 1, 14.4), and tpm2_ptool init has one template.
Diagnosis replaced(const Machine& machine, const PersistentObject& found,
                   const host::StorePrimary& primary) {
  const bool of_tools = found.form == form_of(tpm::ParentTemplate::tools_rsa);
  if (of_tools && !outlived_by_clock(machine)) {
    return line(health_without(primary),
                fmt::format("the TPM was cleared: at {:#010x} is a key of tpm2_ptool's template "
                            "and another seed; {}",
                            *primary.handle, lost(primary)),
                kCheckOrNewKeys);
  }
  return line(health_without(primary),
              of_tools
                  ? fmt::format("at {:#010x} is another key, and the TPM was not cleared since the "
                                "store file was last written: {} may be well below their own",
                                *primary.handle, names(primary.keys))
                  : fmt::format("at {:#010x} is a parent of another template: {} may be well below "
                                "their own",
                                *primary.handle, names(primary.keys)),
              kCheckStore);
}

}  // namespace

std::optional<Diagnosis> primary_line(const Machine& machine, const host::StorePrimary& primary) {
  const auto keys = names(primary.keys);
  if (primary.transient || !primary.handle) {
    return line(Health::unknown,
                fmt::format("the parent of {} is made anew each time: no handle tells whether it "
                            "is still the same",
                            keys),
                kCheckStore);
  }
  constexpr std::uint32_t kType = 24, kTransient = 0x80;
  if (*primary.handle >> kType == kTransient) {
    return line(Health::fail,
                fmt::format("the store names a loaded object ({:#010x}) as parent of {}: a context "
                            "from before a reboot",
                            *primary.handle, keys),
                "Make its parent persistent (tpm2_evictcontrol), and a new store on that: "
                "tpm2_ptool init --primary-handle 0x81000001");
  }
  if (machine.tpm.unreachable || machine.tpm.failed) return std::nullopt;
  if (machine.is_embedded()) {
    return line(Health::unknown, "the store is of another TPM than the one inside tpmprobe");
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

}  // namespace tpmprobe::doctor
