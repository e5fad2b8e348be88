// SPDX-License-Identifier: BSD-2-Clause
#include "doctor/fapi_config.h"

#include "host/fapi/profile.h"

namespace tpmprobe::doctor {
namespace {

std::string folder_of(const Machine& machine, const nlohmann::json& object, const char* name) {
  const auto folder = host::text_of(object, name);
  if (folder.starts_with("~")) return machine.home + folder.substr(1);
  return folder.empty() ? "" : machine.absolute(folder);
}

}  // namespace

std::string FapiConfig::profile_file() const {
  return (std::filesystem::path(profile_dir) / (profile + ".json")).string();
}

std::string fapi_config_path(const Machine& machine) {
  return machine.absolute(
      machine.variable("TSS2_FAPICONF").value_or("/etc/tpm2-tss/fapi-config.json"));
}

std::optional<FapiConfig> read_fapi_config(const Machine& machine) {
  const auto text = machine.content(fapi_config_path(machine));
  const auto json = host::parse_relaxed_json(text.value_or(""));
  if (!json.is_object()) return std::nullopt;
  FapiConfig config;
  config.profile = host::text_of(json, "profile_name");
  config.profile_dir = folder_of(machine, json, "profile_dir");
  config.system_dir = folder_of(machine, json, "system_dir");
  config.user_dir = folder_of(machine, json, "user_dir");
  config.log_dir = folder_of(machine, json, "log_dir");
  config.tcti = host::text_of(json, "tcti");
  config.ek_cert_less = host::text_of(json, "ek_cert_less") == "yes";
  return config;
}

}  // namespace tpmprobe::doctor
