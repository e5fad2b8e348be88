// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "doctor/machine.h"

namespace tpmprobe::doctor {

/// A line of ssh_config(5) or sshd_config(5).
struct SshSetting {
  std::string keyword;  ///< in small letters
  std::string value;    ///< without quotes
  std::string file;
  /// The Host or Match line that it stands below; empty if it holds for every host.
  std::string block;
};

/// Settings of ~/.ssh/config, then of the whole machine, whatever Host they are for. Files that an
/// Include names stand where it stands; of very many only the first are read.
std::vector<SshSetting> client_settings(const Machine& machine);

/// Settings of sshd that are not in a Match block.
std::vector<SshSetting> server_settings(const Machine& machine);

/// The first value of a keyword (in small letters) for every host, which is the one that holds;
/// empty if there is none.
std::string first_value(const std::vector<SshSetting>& settings, std::string_view keyword);

}  // namespace tpmprobe::doctor
