// SPDX-License-Identifier: BSD-2-Clause
#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "probes/doctor/checks.h"
#include "probes/doctor/ek_certificates.h"

namespace tpmprobe::probes {
namespace {

using nlohmann::json;

std::string text_of(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

void check_certificate(const Machine& machine, const json& config, Diagnoses& lines) {
  const auto profile = text_of(config, "profile_name");
  if (text_of(config, "ek_cert_less") == "yes") {
    lines.push_back({"fapi.ek-certificate", Health::ok, "ek_cert_less is set: none is wanted", ""});
    return;
  }
  if (machine.tpm.unreachable) return;
  for (const auto& known : kEkCertificates) {
    if (profile.find(known.kind) == std::string::npos) continue;
    const bool there = has_nv_index(machine, known.nv_index);
    lines.push_back(
        {"fapi.ek-certificate", there ? Health::ok : Health::warn,
         fmt::format("the TPM has {} EK certificate for {} (NV index {:#010x})",
                     there ? "an" : "no", profile, known.nv_index),
         there ? "" : "Put this line into fapi-config.json: \"ek_cert_less\": \"yes\","});
  }
}

/// keyBits that tss 3.x cannot read ends it for all profiles (0x6000B).
void check_profile_files(const Machine& machine, const std::string& folder, Diagnoses& lines) {
  const auto version = machine.version_of("libtss2-fapi").value_or("");
  std::error_code error;
  const auto place = machine.root / std::filesystem::path(folder).relative_path();
  for (const auto& entry : std::filesystem::directory_iterator(place, error)) {
    if (entry.path().extension() != ".json") continue;
    const auto text = machine.content((folder / entry.path().filename()).string()).value_or("");
    const bool large = text.find("3072") != std::string::npos;
    if (!large || !version.starts_with("3.")) continue;
    lines.push_back(
        {"fapi.profiles", Health::fail,
         fmt::format("{} has keyBits 3072: tss2 {} then refuses every profile (0x6000B)",
                     entry.path().filename().string(), version),
         "Move this file out of " + folder + "."});
  }
}

void check_config(const Machine& machine, const json& config, Diagnoses& lines) {
  const auto profile = text_of(config, "profile_name");
  const auto folder = text_of(config, "profile_dir");
  const auto file = (std::filesystem::path(folder) / (profile + ".json")).string();
  if (!machine.content(file)) {
    lines.push_back({"fapi.config", Health::fail,
                     fmt::format("profile {} is not in {}", profile, folder),
                     "Set \"profile_name\" in fapi-config.json to a file of that folder, "
                     "P_RSA2048SHA256 for example."});
  } else {
    lines.push_back({"fapi.config", Health::ok, "FAPI uses profile " + profile, ""});
  }
  check_profile_files(machine, folder, lines);
  const auto tcti = text_of(config, "tcti");
  lines.push_back({"tcti.fapi", Health::ok,
                   tcti.empty() ? "FAPI takes what tss2's loader finds first"
                                : "FAPI uses " + tcti + " (fapi-config.json says so)",
                   ""});
  const auto keystore = text_of(config, "system_dir");
  const auto facts = machine.file(keystore);
  if (facts && !facts->accessible) {
    lines.push_back({"fapi.directories", Health::warn,
                     fmt::format("{} is {}:{} {:04o}: this user cannot provision", keystore,
                                 facts->owner, facts->group, facts->mode),
                     "Run tss2_provision as a member of group " + facts->group + "."});
  }
  check_certificate(machine, config, lines);
}

}  // namespace

void check_fapi(const Machine& machine, Diagnoses& lines) {
  const auto path = machine.variable("TSS2_FAPICONF").value_or("/etc/tpm2-tss/fapi-config.json");
  const auto text = machine.content(path);
  if (!text) {
    lines.push_back({"fapi.config", Health::ok, "FAPI is not configured here", ""});
    return;
  }
  const auto config = json::parse(*text, nullptr, false);
  if (!config.is_object()) {
    lines.push_back({"fapi.config", Health::fail, "fapi-config.json is no JSON object",
                     "Mend it, or install the one of libtss2-fapi again."});
    return;
  }
  check_config(machine, config, lines);
}

}  // namespace tpmprobe::probes
