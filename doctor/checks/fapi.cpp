// SPDX-License-Identifier: BSD-2-Clause
#include <filesystem>

#include <fmt/format.h>

#include "doctor/checks.h"
#include "doctor/fapi_config.h"
#include "doctor/fapi_provisioning.h"
#include "host/fapi/relaxed_json.h"

namespace tpmprobe::doctor {
namespace {

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
                     "Set \"profile_name\" in fapi-config.json to a file of that folder, "
                     "P_RSA2048SHA256 for example."});
    return;
  }
  if (!host::parse_relaxed_json(*text).is_object()) {
    lines.push_back({"fapi.config", Health::fail,
                     fmt::format("profile {} is no JSON object", config.profile),
                     "Mend it, or install the one of libtss2-fapi again."});
    return;
  }
  // Words of templates that came with tss2 4: "Invalid flag: user", "unique_zero=32".
  const bool newer = text->find(",user,") != std::string::npos ||
                     text->find("\"user,") != std::string::npos ||
                     text->find("unique_zero") != std::string::npos;
  if (newer && is_tss_3(machine)) {
    lines.push_back({"fapi.config", Health::fail,
                     fmt::format("profile {} is written for tss2 4: tss2 3 refuses it (0x6000B)",
                                 config.profile),
                     "Set \"profile_name\" to P_RSA2048SHA256 or P_ECCP256SHA256 of this tss2."});
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
    lines.push_back({"fapi.profiles", Health::fail,
                     fmt::format("{} has keyBits 3072: tss2 {} then refuses every profile "
                                 "(0x6000B)",
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
    lines.push_back({"fapi.directories", Health::warn,
                     fmt::format("{} of FAPI: {} is {}:{} {:04o}, not writable for this user", name,
                                 place, facts->owner, facts->group, facts->mode),
                     facts->group == "root"
                         ? "Run tss2_provision by sudo; tpm2-tss's tmpfiles give it to group tss."
                         : "Run tss2_provision as a member of group " + facts->group + "."});
  }
  if (lines.size() != before) return;
  lines.push_back(
      {"fapi.directories", Health::ok, "this user may write FAPI's keystore and log", ""});
}

}  // namespace

void check_fapi(const Machine& machine, Diagnoses& lines) {
  if (!machine.content(fapi_config_path(machine))) {
    lines.push_back({"fapi.config", Health::ok, "FAPI is not configured here", ""});
    return;
  }
  const auto config = read_fapi_config(machine);
  if (!config) {
    lines.push_back({"fapi.config", Health::fail, "fapi-config.json is no JSON object",
                     "Mend it, or install the one of libtss2-fapi again."});
    return;
  }
  check_profile(machine, *config, lines);
  check_profile_files(machine, *config, lines);
  check_directories(machine, *config, lines);
  check_provisioning(machine, *config, lines);
}

}  // namespace tpmprobe::doctor
