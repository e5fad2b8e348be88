// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace tpmprobe::host {

/// A JSON text as json-c reads it, with which FAPI reads its configuration and its profiles:
/// comments and commas before a closing bracket are forgiven, and the shipped profiles have such
/// commas. The value `is_discarded()` if it cannot be read even so.
nlohmann::json parse_relaxed_json(std::string_view text);

/// A member that is a string; empty if there is none.
std::string text_of(const nlohmann::json& object, const char* name);

}  // namespace tpmprobe::host
