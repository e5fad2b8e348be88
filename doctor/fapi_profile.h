// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "doctor/fapi_config.h"

namespace tpmprobe::doctor {

/// Where the chosen profile puts its SRK ("srk_template": "system,…,0x81000001"); nullopt if it
/// keeps none in the TPM, or the profile is not there.
std::optional<std::uint32_t> srk_handle(const Machine& machine, const FapiConfig& config);

/// Whether its SRK is of the plain template, which parent_forms.h has: "noda", "user" or
/// "unique_zero" would make another key.
bool has_plain_srk(const Machine& machine, const FapiConfig& config);

/// Whether tss2_provision has run for this profile: it writes PROFILE/HS/SRK/object.json below
/// system_dir, and last of all. nullopt: this user may not look.
std::optional<bool> is_provisioned(const Machine& machine, const FapiConfig& config);

}  // namespace tpmprobe::doctor
