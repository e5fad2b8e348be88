// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string_view>

#include <nlohmann/json.hpp>

namespace tpmprobe::probes {

/// A JSON text as json-c reads it, with which FAPI reads its configuration and its profiles: commas
/// before a closing bracket are forgiven, and the shipped profiles have some. The value
/// `is_discarded()` if it cannot be read even so.
nlohmann::json parse_relaxed_json(std::string_view text);

}  // namespace tpmprobe::probes
