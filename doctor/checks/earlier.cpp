// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>

#include <fmt/format.h>

#include "doctor/checks.h"
#include "doctor/persistent.h"

namespace tpmprobe::doctor {
namespace {

constexpr const char* kGone =
    "Keys made before that are gone for good: make new ones, and replace the public keys.";
constexpr const char* kCompare =
    "Run: tpmprobe report -o now.json; then give it to this command: --now now.json";

Diagnosis line(Health health, std::string seen, std::string fix = "") {
  return {"tpm.since", health, std::move(seen), std::move(fix)};
}

/// A primary of one template is the same key as long as the owner seed is (Part 1, 14.4).
std::optional<Diagnosis> by_owner_primary(const Machine& machine) {
  if (!machine.present) return std::nullopt;
  const auto& before = machine.earlier->owner_primary_name;
  const auto& now = machine.present->owner_primary_name;
  if (!before || !now) return std::nullopt;
  if (*before == *now) {
    return line(Health::ok, "the TPM was not cleared since: its owner primary is the same");
  }
  return line(Health::fail, "the TPM was cleared since: its owner seed gives another primary",
              kGone);
}

/// Only TPM2_Clear sets the count back to 0 (Part 3, 24.6).
std::optional<Diagnosis> by_reset_count(const Machine& machine) {
  const auto before = machine.earlier->reset_count, now = machine.tpm.identity.reset_count;
  if (!before || !now || *now >= *before) return std::nullopt;
  return line(
      Health::fail,
      fmt::format("the TPM was cleared since: its reset count fell from {} to {}", *before, *now),
      kGone);
}

/// Of the owner, which a clear takes away.
std::vector<std::string> missing_objects(const Machine& machine) {
  const auto& now = machine.tpm.capabilities.handles.persistent;
  std::vector<std::string> missing;
  if (!now || !machine.earlier->persistent) return missing;
  for (const auto handle : *machine.earlier->persistent) {
    if (!is_of_owner(handle)) continue;
    if (std::ranges::find(*now, handle) != now->end()) continue;
    missing.push_back(fmt::format("{:#010x}", handle));
  }
  return missing;
}

Diagnosis undecided(const Machine& machine) {
  const auto missing = missing_objects(machine);
  if (!missing.empty()) {
    return line(Health::unknown,
                fmt::format("{} {} gone since: the TPM was cleared, or somebody evicted {}",
                            fmt::join(missing, ", "), missing.size() == 1 ? "is" : "are",
                            missing.size() == 1 ? "it" : "them"),
                kCompare);
  }
  const auto before = machine.earlier->reset_count, now = machine.tpm.identity.reset_count;
  if (!before || !now) return line(Health::unknown, "the reset count is not known", kCompare);
  return line(Health::unknown,
              fmt::format("its reset count went from {} to {}: resets only, or a clear and {} "
                          "resets since",
                          *before, *now, *now),
              kCompare);
}

}  // namespace

void check_earlier(const Machine& machine, Diagnoses& lines) {
  if (!machine.earlier || machine.tpm.unreachable || machine.tpm.failed) return;
  const auto& maker = machine.tpm.identity.manufacturer;
  const bool other_now = machine.present && machine.present->manufacturer != maker;
  if (machine.earlier->manufacturer != maker || other_now) {
    lines.push_back(line(
        Health::warn,
        other_now ? "the report of now is of another TPM" : "the earlier report is of another TPM",
        "Make it with the same --tcti."));
    return;
  }
  if (auto found = by_owner_primary(machine)) return lines.push_back(std::move(*found));
  if (auto found = by_reset_count(machine)) return lines.push_back(std::move(*found));
  lines.push_back(undecided(machine));
}

}  // namespace tpmprobe::doctor
