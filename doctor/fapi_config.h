// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>

#include "doctor/machine.h"

namespace tpmprobe::doctor {

/// fapi-config.json (fapi-config(5)), as far as it is looked at. Folders have the home in place of
/// a leading "~".
struct FapiConfig {
  std::string profile, profile_dir, system_dir, user_dir, log_dir, tcti;
  bool ek_cert_less = false;

  /// The file of a profile.
  [[nodiscard]] std::string profile_file() const;
};

/// Where it is: $TSS2_FAPICONF, else below /etc.
std::string fapi_config_path(const Machine& machine);

/// nullopt: it is not there, or no JSON object.
std::optional<FapiConfig> read_fapi_config(const Machine& machine);

}  // namespace tpmprobe::doctor
