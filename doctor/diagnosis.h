// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tpmprobe::doctor {

/// How one thing around the TPM is.
enum class Health { ok, warn, fail, unknown };

/// The word in reports.
std::string_view to_string(Health health);

/// One line of the doctor. A plain value.
struct Diagnosis {
  std::string id;  ///< stable for ever: "access.groups"
  Health health = Health::unknown;
  std::string evidence;  ///< what was seen, one clause
  std::string fix;       ///< the one thing to do; empty if there is nothing
};

using Diagnoses = std::vector<Diagnosis>;

}  // namespace tpmprobe::doctor
