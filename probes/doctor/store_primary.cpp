// SPDX-License-Identifier: BSD-2-Clause
#include "probes/doctor/store_primary.h"

#include <algorithm>

#include <fmt/format.h>

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

Diagnosis gone(const TpmFacts& tpm, const StorePrimary& primary) {
  const auto keys = names(primary.keys);
  if (!others_remain(tpm)) {
    return line(Health::fail,
                fmt::format("the TPM was cleared: {:#010x} is gone, and with it for good: {}",
                            *primary.handle, keys),
                kNewKeys);
  }
  return line(Health::fail,
              fmt::format("{:#010x}, the parent of {}, is gone, and other keys of the owner are "
                          "there: somebody evicted it, or cleared the TPM and made others",
                          *primary.handle, keys),
              fmt::format("Run: tpm2_createprimary -C o -g sha256 -G rsa -c p.ctx; "
                          "tpm2_evictcontrol -C o -c p.ctx {:#010x}; and look again.",
                          *primary.handle));
}

/// Of one template and one seed comes one key (Part 1, 14.4).
Diagnosis replaced(const PersistentObject& found, const StorePrimary& primary) {
  const auto keys = names(primary.keys);
  if (found.form == kRsaParent || found.form == kEccParent) {
    return line(Health::fail,
                fmt::format("the TPM was cleared: at {:#010x} is a key of the same template and "
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
  if (found == machine.tpm.persistent.end()) return gone(machine.tpm, primary);
  if (found->second.name != primary.name) return replaced(found->second, primary);
  return line(Health::ok, fmt::format("{:#010x} is the parent of {}", *primary.handle, keys));
}

}  // namespace tpmprobe::probes
