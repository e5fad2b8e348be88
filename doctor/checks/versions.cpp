// SPDX-License-Identifier: BSD-2-Clause
#include "knowledge/versions.h"

#include <algorithm>

#include <fmt/format.h>

#include "doctor/diagnosis.h"
#include "doctor/machine.h"

namespace tpmprobe::doctor {
namespace {

/// "tpm2-abrmd 3.0.0-1" if it is here and in the range.
std::optional<std::string> match(const Machine& machine, const knowledge::VersionRange& range) {
  const auto version = machine.version_of(range.package);
  if (!version || !knowledge::is_between(*version, range.from, range.below)) return std::nullopt;
  return fmt::format("{} {}", range.package, *version);
}

/// Upstream's part: "3.2.1" of "3.2.1-3".
std::string upstream(std::string version) {
  if (const auto epoch = version.find(':'); epoch != std::string::npos) version.erase(0, epoch + 1);
  return version.substr(0, version.find_first_of("-+"));
}

/// "tss2 3.2.1, tpm2-tools 5.4": what is here of what people ask about first.
std::string inventory(const Machine& machine) {
  struct Row {
    const char *name, *package;
  };
  constexpr Row kRows[]{{"tss2", "libtss2-esys"},
                        {"tpm2-tools", "tpm2-tools"},
                        {"tpm2-abrmd", "tpm2-abrmd"},
                        {"tpm2-pkcs11", "libtpm2-pkcs11"}};
  std::vector<std::string> found;
  for (const auto& row : kRows) {
    const auto version = machine.version_of(row.package);
    if (version) found.push_back(fmt::format("{} {}", row.name, upstream(*version)));
  }
  return found.empty() ? "no tss2 package is installed, as far as can be seen"
                       : fmt::format("{}", fmt::join(found, ", "));
}

/// Of library and tpm2_ptool the older one refuses what the newer one wrote.
void check_ptool(const Machine& machine, Diagnoses& lines) {
  const auto library = machine.version_of("libtpm2-pkcs11-1");
  const auto tool = machine.version_of("python3-tpm2-pkcs11-tools");
  if (!library || !tool) return;
  const auto one = knowledge::store_schema_of(*library), other = knowledge::store_schema_of(*tool);
  const bool apart =
      (one.most && *one.most < other.least) || (other.most && *other.most < one.least);
  if (!apart) return;
  lines.push_back({"versions.pair", Health::fail,
                   fmt::format("tpm2_ptool {} and the tpm2-pkcs11 library {} write stores with "
                               "different schemas, and the older one refuses the newer schema",
                               upstream(*tool), upstream(*library)),
                   "Run: sudo apt install libtpm2-pkcs11-1 libtpm2-pkcs11-tools"});
}

}  // namespace

void check_versions(const Machine& machine, Diagnoses& lines) {
  const auto before = lines.size();
  check_ptool(machine, lines);
  for (const auto& pair : knowledge::version_pairs()) {
    const auto first = match(machine, pair.first), second = match(machine, pair.second);
    if (!first || !second) continue;
    lines.push_back({"versions.pair", Health::fail,
                     fmt::format("{} does not work with {}: {}", *first, *second, pair.says),
                     std::string(pair.fix)});
  }
  if (lines.size() != before) return;
  lines.push_back({"versions.pair", Health::ok, inventory(machine), ""});
}

namespace {

constexpr const char* kGone =
    "Keys created before that are permanently lost: create new ones, and replace the public keys.";
constexpr const char* kCompare =
    "Run: tpmprobe report -o now.json; then run this command again with --now now.json";

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
    return line(Health::ok,
                "the TPM has not been cleared since then: its owner primary key is the same");
  }
  return line(
      Health::fail,
      "the TPM has been cleared since then: its owner seed now gives a different primary key",
      kGone);
}

/// Only TPM2_Clear sets the count back to 0 (Part 3, 24.6).
std::optional<Diagnosis> by_reset_count(const Machine& machine) {
  const auto before = machine.earlier->reset_count, now = machine.tpm.identity.reset_count;
  if (!before || !now || *now >= *before) return std::nullopt;
  return line(Health::fail,
              fmt::format("the TPM has been cleared since then: its reset count fell from {} to {}",
                          *before, *now),
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
    return line(
        Health::unknown,
        fmt::format("{} {} gone since then: the TPM was cleared, or a program or user evicted {}",
                    fmt::join(missing, ", "), missing.size() == 1 ? "is" : "are",
                    missing.size() == 1 ? "it" : "them"),
        kCompare);
  }
  const auto before = machine.earlier->reset_count, now = machine.tpm.identity.reset_count;
  if (!before || !now) return line(Health::unknown, "the reset count is unknown", kCompare);
  return line(
      Health::unknown,
      fmt::format(
          "the reset count went from {} to {}: either only resets, or a clear and then {} resets",
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
        other_now ? "the new report is from another TPM" : "the earlier report is from another TPM",
        "Create it with the same --tcti."));
    return;
  }
  if (auto found = by_owner_primary(machine)) return lines.push_back(std::move(*found));
  if (auto found = by_reset_count(machine)) return lines.push_back(std::move(*found));
  lines.push_back(undecided(machine));
}

}  // namespace tpmprobe::doctor
