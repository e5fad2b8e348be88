// SPDX-License-Identifier: BSD-2-Clause
#include "probes/doctor/store_primary.h"

#include <algorithm>

#include <fmt/format.h>

#include "probes/doctor/find_store.h"
#include "probes/doctor/parent_forms.h"

namespace tpmprobe::probes {
namespace {

constexpr const char* kNewKeys =
    "Make a new store and new keys, and replace the public keys on your servers.";
constexpr const char* kCheckStore = "Run: tpmprobe ssh --check-store";

std::string names(const std::vector<std::string>& keys) {
  return keys.empty() ? "no keys" : fmt::format("{}", fmt::join(keys, ", "));
}

Diagnosis line(Health health, std::string seen, std::string fix = "") {
  return {"pkcs11.primary", health, std::move(seen), std::move(fix)};
}

/// Persistent objects of the owner: 0x81000000 to 0x817fffff.
bool others_remain(const TpmFacts& tpm) {
  constexpr std::uint32_t kFirst = 0x81000000, kAfter = 0x81800000;
  return std::ranges::any_of(tpm.persistent, [](const auto& object) {
    return object.first >= kFirst && object.first < kAfter;
  });
}

/// A clear sets the Clock to 0 (Part 3, 24.6), and it counts at most the time that passes: one that
/// is older than the store has seen no clear since.
bool outlived_by_clock(const Machine& machine) {
  const auto store = machine.file(find_store(machine));
  if (!store || !machine.tpm.clock_s) return false;
  return static_cast<std::int64_t>(*machine.tpm.clock_s) > machine.now_s - store->changed_s;
}

Diagnosis gone(const Machine& machine, const StorePrimary& primary) {
  const auto keys = names(primary.keys);
  const bool counted = outlived_by_clock(machine);
  if (!counted && !others_remain(machine.tpm)) {
    return line(
        Health::fail,
        fmt::format("{:#010x} is gone, as after a clear of the TPM, and with it for good: {}",
                    *primary.handle, keys),
        "Run: tpmprobe ssh --check-store; if that finds no parent either, make new keys, "
        "and replace the public keys on your servers.");
  }
  return line(
      Health::fail,
      fmt::format("{:#010x}, the parent of {}, is gone, {}", *primary.handle, keys,
                  counted ? "and the TPM was not cleared since: somebody evicted it"
                          : "and other keys of the owner are there: somebody evicted it, or "
                            "cleared the TPM and made others"),
      fmt::format("Run: tpm2_createprimary -C o -g sha256 -G rsa -c p.ctx; "
                  "tpm2_evictcontrol -C o -c p.ctx {:#010x}; and look again.",
                  *primary.handle));
}

/// Of one template and one seed comes one key (Part 1, 14.4), and tpm2_ptool init has one template.
Diagnosis replaced(const Machine& machine, const PersistentObject& found,
                   const StorePrimary& primary) {
  const auto keys = names(primary.keys);
  if (found.form == form_of(tpm::ParentTemplate::tools_rsa) && !outlived_by_clock(machine)) {
    return line(
        Health::fail,
        fmt::format("the TPM was cleared: at {:#010x} is a key of tpm2_ptool's template and "
                    "another seed; these are gone for good: {}",
                    *primary.handle, keys),
        kNewKeys);
  }
  return line(Health::fail,
              fmt::format("at {:#010x} is a parent of another template: {} may be well below "
                          "their own",
                          *primary.handle, keys),
              kCheckStore);
}

}  // namespace

std::optional<Diagnosis> primary_line(const Machine& machine, const StorePrimary& primary) {
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
  const auto found = machine.tpm.persistent.find(*primary.handle);
  if (found == machine.tpm.persistent.end()) return gone(machine, primary);
  if (found->second.name != primary.name) return replaced(machine, found->second, primary);
  return line(Health::ok, fmt::format("{:#010x} is the parent of {}", *primary.handle, keys));
}

}  // namespace tpmprobe::probes
