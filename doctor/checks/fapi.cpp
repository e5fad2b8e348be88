// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <sstream>
#include <string>

#include <fmt/format.h>

#include "doctor/diagnosis.h"
#include "doctor/fapi_config.h"
#include "doctor/machine.h"
#include "doctor/tcti_choice.h"
#include "doctor/tpm_facts.h"
#include "host/fapi/profile.h"

namespace tpmprobe::doctor {
namespace {

bool can_compare(const Machine& machine) {
  return !machine.tpm.unreachable && !machine.tpm.failed && !machine.is_embedded();
}

bool is_fapis_own(const Machine& machine) {
  return can_compare(machine) && !is_of_another_tpm(machine, tcti_of_fapi(machine));
}

/// "system,restricted,decrypt,0x81000001".
std::string srk_template(const Machine& machine, const FapiConfig& config) {
  const auto text = machine.content(config.profile_file()).value_or("");
  const auto profile = host::parse_relaxed_json(text);
  return profile.is_object() ? host::text_of(profile, "srk_template") : "";
}

/// Whether its SRK is of the plain template, which parent_forms.h has: "noda", "user" or
/// "unique_zero" would make another key.
bool has_plain_srk(const Machine& machine, const FapiConfig& config) {
  constexpr std::array<std::string_view, 3> kPlain{"system", "restricted", "decrypt"};
  std::istringstream words(srk_template(machine, config));
  for (std::string word; std::getline(words, word, ',');) {
    const bool plain = word.starts_with("0x") || std::ranges::find(kPlain, word) != kPlain.end();
    if (!plain) return false;
  }
  return true;
}

/// Where the chosen profile puts its SRK ("srk_template": "system,…,0x81000001"); nullopt if it
/// keeps none in the TPM, or the profile is not there.
std::optional<std::uint32_t> srk_handle(const Machine& machine, const FapiConfig& config) {
  return host::handle_in_template(srk_template(machine, config));
}

/// Whether tss2_provision has run for this profile: it writes PROFILE/HS/SRK/object.json below
/// system_dir, and last of all. nullopt: this user may not look.
std::optional<bool> is_provisioned(const Machine& machine, const FapiConfig& config) {
  const auto folder = std::filesystem::path(config.system_dir);
  if (machine.content((folder / config.profile / "HS/SRK/object.json").string())) return true;
  if (!machine.real_path(folder.string())) return false;
  const auto facts = machine.file(folder.string());
  return !facts || facts->accessible ? std::optional(false) : std::nullopt;
}

/// A profile's kind of EK whose certificate this TPM has.
std::string fitting_profile(const Machine& machine, const FapiConfig& config) {
  for (const auto& known : kEkCertificates) {
    if (!has_nv_index(machine.tpm, known.nv_index)) continue;
    for (const auto& path : machine.files_in(config.profile_dir)) {
      const auto name = std::filesystem::path(path).stem().string();
      if (name.find(known.kind) != std::string::npos) return name;
    }
  }
  return "";
}

Diagnosis missing_certificate(const Machine& machine, const FapiConfig& config,
                              const EkCertificate& wanted) {
  const auto fitting = fitting_profile(machine, config);
  return {"fapi.ek-certificate", Health::warn,
          fmt::format("the TPM has no EK certificate for {} (NV index {:#010x})", config.profile,
                      wanted.nv_index),
          fitting.empty() ? "Put this line into fapi-config.json: \"ek_cert_less\": \"yes\","
                          : fmt::format("Set \"profile_name\" in fapi-config.json to {}: the TPM "
                                        "has a certificate for that profile.",
                                        fitting)};
}

Diagnosis certificate_line(const Machine& machine, const FapiConfig& config,
                           const EkCertificate& wanted) {
  for (const auto& found : machine.tpm.ek_certificates) {
    if (found.nv_index != wanted.nv_index || !found.certificate) continue;
    if (found.certificate->has_issuer_url) break;
    return {"fapi.ek-certificate", Health::warn,
            fmt::format("the EK certificate for {} does not give the address of its issuer: FAPI "
                        "cannot verify it (0x60025)",
                        config.profile),
            "Put this line into fapi-config.json: \"ek_cert_less\": \"yes\","};
  }
  return {"fapi.ek-certificate", Health::ok,
          fmt::format("the TPM has an EK certificate for {} (NV index {:#010x})", config.profile,
                      wanted.nv_index),
          ""};
}

/// Only before provisioning: after it nobody asks for the certificate again.
void check_certificate(const Machine& machine, const FapiConfig& config, Diagnoses& lines) {
  if (config.ek_cert_less) {
    lines.push_back(
        {"fapi.ek-certificate", Health::ok, "ek_cert_less is set: no certificate is needed", ""});
    return;
  }
  if (!is_fapis_own(machine)) return;
  for (const auto& known : kEkCertificates) {
    if (config.profile.find(known.kind) == std::string::npos) continue;
    lines.push_back(has_nv_index(machine.tpm, known.nv_index)
                        ? certificate_line(machine, config, known)
                        : missing_certificate(machine, config, known));
  }
}

/// FAPI takes a key that is there if it is the one that it would make itself.
bool is_its_own(const FapiConfig& config, const PersistentObject& found) {
  return (found.form == form_of(tpm::ParentTemplate::tools_rsa) &&
          config.profile.find("RSA2048") != std::string::npos) ||
         (found.form == form_of(tpm::ParentTemplate::tools_ecc) &&
          config.profile.find("ECCP256") != std::string::npos);
}

Diagnosis line(Health health, std::string seen, std::string fix = "") {
  return {"fapi.provisioned", health, std::move(seen), std::move(fix)};
}

Diagnosis before_provisioning(const Machine& machine, const FapiConfig& config,
                              std::optional<std::uint32_t> handle) {
  const auto found = machine.tpm.persistent.find(handle.value_or(0));
  const bool occupied = is_fapis_own(machine) && found != machine.tpm.persistent.end();
  if (occupied && !has_plain_srk(machine, config)) {
    return line(Health::unknown,
                fmt::format("FAPI is not provisioned, but there is a key at {:#010x}; it is "
                            "unknown whether it is the one that profile {} would create",
                            *handle, config.profile),
                "Run: tss2_provision; 0x6000B means that it is a different key.");
  }
  if (occupied && !is_its_own(config, found->second)) {
    return line(Health::warn,
                fmt::format("FAPI is not provisioned, and tss2_provision will fail (0x6000B): "
                            "there is a key with another template at {:#010x}",
                            *handle),
                fmt::format("Set another handle in \"srk_template\" in {}.json.", config.profile));
  }
  return line(Health::ok, "FAPI is not provisioned; if you want to use FAPI, run tss2_provision");
}

/// Of a provisioned keystore.
Diagnosis srk_line(const Machine& machine, const FapiConfig& config, std::uint32_t handle) {
  const auto presence = presence_of(machine.tpm, handle);
  if (presence == Presence::read) return line(Health::ok, "FAPI is provisioned");
  if (presence == Presence::unread) {
    return line(Health::unknown,
                fmt::format("FAPI's keystore is provisioned, but {:#010x} could not be read, so it "
                            "is unknown whether its SRK is still there",
                            handle));
  }
  if (!is_fapis_own(machine)) {
    const auto tcti = tcti_of_fapi(machine).tcti;
    return line(Health::unknown,
                fmt::format("FAPI's keystore is provisioned, but perhaps for a TPM other than {}, "
                            "which has no key at {:#010x}: FAPI uses {}",
                            opened_tcti(machine), handle, tcti),
                "Run this again with the --tcti of that TPM.");
  }
  return line(
      Health::fail,
      fmt::format("FAPI's keystore is provisioned, but its SRK at {:#010x} is gone: the TPM was "
                  "cleared, or the SRK was evicted",
                  handle),
      fmt::format("Do not delete the contents of {}: move them elsewhere, and run: tss2_provision. "
                  "The keys are permanently lost only if the TPM was cleared.",
                  config.system_dir));
}

Diagnosis provisioned_line(const Machine& machine, const FapiConfig& config) {
  const auto done = is_provisioned(machine, config);
  const auto handle = srk_handle(machine, config);
  if (!done) {
    return line(Health::unknown, "this user cannot see whether FAPI is provisioned",
                "Run this again as a member of group tss.");
  }
  if (!*done) return before_provisioning(machine, config, handle);
  if (!handle || !can_compare(machine)) return line(Health::ok, "FAPI is provisioned");
  return srk_line(machine, config, *handle);
}

/// Whether tss2_provision has run, and whether it could: `fapi.provisioned`,
/// `fapi.ek-certificate`.
void check_provisioning(const Machine& machine, const FapiConfig& config, Diagnoses& lines) {
  lines.push_back(provisioned_line(machine, config));
  if (is_provisioned(machine, config) != true) check_certificate(machine, config, lines);
}

bool is_tss_3(const Machine& machine) {
  return machine.version_of("libtss2-fapi").value_or("").starts_with("3.");
}

std::string file_name(const std::string& path) {
  return std::filesystem::path(path).filename().string();
}

void check_profile(const Machine& machine, const FapiConfig& config, Diagnoses& lines) {
  const auto text = machine.content(config.profile_file());
  if (!text) {
    lines.push_back({"fapi.config", Health::fail,
                     fmt::format("profile {} is not in {}", config.profile, config.profile_dir),
                     "Set \"profile_name\" in fapi-config.json to a file in that folder, for "
                     "example P_RSA2048SHA256."});
    return;
  }
  if (!host::parse_relaxed_json(*text).is_object()) {
    lines.push_back({"fapi.config", Health::fail,
                     fmt::format("profile {} is not a JSON object", config.profile),
                     "Fix it, or reinstall the one from libtss2-fapi."});
    return;
  }
  // Words of templates that came with tss2 4: "Invalid flag: user", "unique_zero=32".
  const bool newer = text->find(",user,") != std::string::npos ||
                     text->find("\"user,") != std::string::npos ||
                     text->find("unique_zero") != std::string::npos;
  if (newer && is_tss_3(machine)) {
    lines.push_back({"fapi.config", Health::fail,
                     fmt::format("profile {} was written for tss2 4; tss2 3 refuses it (0x6000B)",
                                 config.profile),
                     "Set \"profile_name\" to P_RSA2048SHA256 or P_ECCP256SHA256 from this tss2."});
    return;
  }
  lines.push_back({"fapi.config", Health::ok, "FAPI uses profile " + config.profile, ""});
}

/// keyBits that tss2 3 cannot read ends it for all profiles (0x6000B).
void check_profile_files(const Machine& machine, const FapiConfig& config, Diagnoses& lines) {
  if (!is_tss_3(machine)) return;
  for (const auto& path : machine.files_in(config.profile_dir)) {
    const auto text = machine.content(path).value_or("");
    const bool large = text.find("3072") != std::string::npos;
    if (!path.ends_with(".json") || !large) continue;
    lines.push_back(
        {"fapi.profiles", Health::fail,
         fmt::format("{} has keyBits 3072, which makes tss2 {} refuse every profile (0x6000B)",
                     file_name(path), *machine.version_of("libtss2-fapi")),
         "Move this file out of " + config.profile_dir + "."});
  }
}

/// The folder, or the one above in which FAPI would make it.
std::pair<std::string, std::optional<FileFacts>> nearest(const Machine& machine,
                                                         std::filesystem::path folder) {
  if (!folder.has_filename()) folder = folder.parent_path();
  auto facts = machine.file(folder.string());
  while (!facts && folder.has_relative_path()) {
    folder = folder.parent_path();
    facts = machine.file(folder.string());
  }
  return {folder.string(), facts};
}

void check_directories(const Machine& machine, const FapiConfig& config, Diagnoses& lines) {
  const auto before = lines.size();
  struct Folder {
    const char* name;
    const std::string& path;
  };
  for (const auto& [name, path] :
       {Folder{"system_dir", config.system_dir}, Folder{"user_dir", config.user_dir},
        Folder{"log_dir", config.log_dir}}) {
    const auto [place, facts] = nearest(machine, path);
    if (path.empty() || !facts || facts->accessible) continue;
    lines.push_back(
        {"fapi.directories", Health::warn,
         fmt::format("{} of FAPI: {} is {}:{} {:04o}, not writable by this user", name, place,
                     facts->owner, facts->group, facts->mode),
         facts->group == "root"
             ? "Run tss2_provision with sudo; the tmpfiles rules of tpm2-tss give it to group tss."
             : "Run tss2_provision as a member of group " + facts->group + "."});
  }
  if (lines.size() != before) return;
  lines.push_back(
      {"fapi.directories", Health::ok, "this user may write to FAPI's keystore and log", ""});
}

}  // namespace

void check_fapi(const Machine& machine, Diagnoses& lines) {
  if (!machine.content(fapi_config_path(machine))) {
    lines.push_back({"fapi.config", Health::ok, "FAPI is not configured here", ""});
    return;
  }
  const auto config = read_fapi_config(machine);
  if (!config) {
    lines.push_back({"fapi.config", Health::fail, "fapi-config.json is not a JSON object",
                     "Fix it, or reinstall the one from libtss2-fapi."});
    return;
  }
  check_profile(machine, *config, lines);
  check_profile_files(machine, *config, lines);
  check_directories(machine, *config, lines);
  check_provisioning(machine, *config, lines);
}

}  // namespace tpmprobe::doctor
