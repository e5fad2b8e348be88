// SPDX-License-Identifier: BSD-2-Clause
// What leads other programs to a TPM of ours: variables (client_environment), and the configuration
// of FAPI that one of them names, made from that of this system.
#include "cli/emulator/client_environment.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/terminal/terminal.h"
#include "cli/terminal/text_file.h"
#include "host/fapi/profile.h"
#include "host/pkcs11/store.h"

namespace tpmprobe::cli {
namespace {

using nlohmann::json;

constexpr const char* kProfiles = "/etc/tpm2-tss/fapi-profiles/";

/// What the system's configuration says, or Debian's if there is none.
std::string system_setting(const json& system, const char* name, const char* otherwise) {
  const auto found = system.find(name);
  return found != system.end() && found->is_string() ? found->get<std::string>() : otherwise;
}

json system_configuration() {
  const auto path = process_environment("TSS2_FAPICONF").value_or("/etc/tpm2-tss/fapi-config.json");
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return json::object();
  const auto text = read_text_file(path);
  json parsed = text ? host::parse_relaxed_json(*text) : json::object();
  return parsed.is_object() ? parsed : json::object();
}

json fapi_configuration(const std::string& tcti, const std::filesystem::path& folder) {
  const json system = system_configuration();
  return {{"profile_name", system_setting(system, "profile_name", "P_ECCP256SHA256")},
          {"profile_dir", system_setting(system, "profile_dir", kProfiles)},
          {"user_dir", (folder / "user/").string()},
          {"system_dir", (folder / "system/").string()},
          {"log_dir", (folder / "log/").string()},
          {"tcti", tcti},
          {"system_pcrs", json::array()},
          {"ek_cert_less", "yes"}};
}

}  // namespace

tl::expected<Variables, std::string> client_environment(const std::string& tcti,
                                                        const std::filesystem::path& folder) {
  std::error_code error;
  for (const char* part : {"user", "system", "log"}) {
    std::filesystem::create_directories(folder / part, error);
    if (error) return tl::unexpected(fmt::format("{}: {}", folder.string(), error.message()));
  }
  const std::string file = folder / "fapi-config.json";
  if (const auto reason = write_atomically(file, fapi_configuration(tcti, folder).dump(2) + "\n")) {
    return tl::unexpected(fmt::format("{}: {}", file, *reason));
  }
  return Variables{{"TPM2TOOLS_TCTI", tcti},
                   {"TPM2_PKCS11_TCTI", tcti},
                   {"TPM2OPENSSL_TCTI", tcti},
                   {"TSS2_FAPICONF", file}};
}

std::filesystem::path fapi_profile_folder() {
  auto folder = system_setting(system_configuration(), "profile_dir", kProfiles);
  if (folder.starts_with("~")) {
    folder.replace(0, 1, host::home_of_user(process_environment("HOME")));
  }
  return folder;
}

std::string export_line(const std::pair<std::string, std::string>& variable) {
  std::string quoted;
  for (const char c : variable.second) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return fmt::format("export {}='{}'", variable.first, quoted);
}

}  // namespace tpmprobe::cli
