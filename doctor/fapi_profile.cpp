// SPDX-License-Identifier: BSD-2-Clause
#include "doctor/fapi_profile.h"

#include <algorithm>
#include <array>
#include <sstream>

#include "host/fapi/profile.h"
#include "host/fapi/relaxed_json.h"

namespace tpmprobe::doctor {

namespace {

/// "system,restricted,decrypt,0x81000001".
std::string srk_template(const Machine& machine, const FapiConfig& config) {
  const auto text = machine.content(config.profile_file()).value_or("");
  const auto profile = host::parse_relaxed_json(text);
  return profile.is_object() ? host::text_of(profile, "srk_template") : "";
}

}  // namespace

bool has_plain_srk(const Machine& machine, const FapiConfig& config) {
  constexpr std::array<std::string_view, 3> kPlain{"system", "restricted", "decrypt"};
  std::istringstream words(srk_template(machine, config));
  for (std::string word; std::getline(words, word, ',');) {
    const bool plain = word.starts_with("0x") || std::ranges::find(kPlain, word) != kPlain.end();
    if (!plain) return false;
  }
  return true;
}

std::optional<std::uint32_t> srk_handle(const Machine& machine, const FapiConfig& config) {
  return host::handle_in_template(srk_template(machine, config));
}

std::optional<bool> is_provisioned(const Machine& machine, const FapiConfig& config) {
  const auto folder = std::filesystem::path(config.system_dir);
  if (machine.content((folder / config.profile / "HS/SRK/object.json").string())) return true;
  if (!machine.real_path(folder.string())) return false;
  const auto facts = machine.file(folder.string());
  return !facts || facts->accessible ? std::optional(false) : std::nullopt;
}

}  // namespace tpmprobe::doctor
