// SPDX-License-Identifier: BSD-2-Clause
#include "knowledge/versions.h"

#include <fmt/format.h>

#include "doctor/checks.h"

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
  return found.empty() ? "no package of tss2 is known here"
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
                   fmt::format("tpm2_ptool {} and the library of tpm2-pkcs11 {} write stores of "
                               "different schemas, and the older one refuses the newer",
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
                     fmt::format("{} does not go with {}: {}", *first, *second, pair.says),
                     std::string(pair.fix)});
  }
  if (lines.size() != before) return;
  lines.push_back({"versions.pair", Health::ok, inventory(machine), ""});
}

}  // namespace tpmprobe::doctor
