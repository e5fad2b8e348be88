// SPDX-License-Identifier: BSD-2-Clause
#include "probes/doctor/fapi_profile.h"

#include <charconv>

#include "probes/doctor/fapi_json.h"

namespace tpmprobe::probes {

std::optional<std::uint32_t> srk_handle(const Machine& machine, const FapiConfig& config) {
  const auto text = machine.content(config.profile_file()).value_or("");
  const auto profile = parse_fapi_json(text);
  const auto flags = profile.is_object() ? text_of(profile, "srk_template") : "";
  const auto at = flags.find("0x81");
  if (at == std::string::npos) return std::nullopt;
  std::uint32_t handle = 0;
  constexpr int kHex = 16;
  const auto* end = flags.data() + flags.size();
  const auto read = std::from_chars(flags.data() + at + 2, end, handle, kHex);
  return read.ec == std::errc{} ? std::optional(handle) : std::nullopt;
}

std::optional<bool> is_provisioned(const Machine& machine, const FapiConfig& config) {
  const auto folder = std::filesystem::path(config.system_dir);
  if (machine.content((folder / config.profile / "HS/SRK/object.json").string())) return true;
  if (!machine.real_path(folder.string())) return false;
  const auto facts = machine.file(folder.string());
  return !facts || facts->accessible ? std::optional(false) : std::nullopt;
}

}  // namespace tpmprobe::probes
