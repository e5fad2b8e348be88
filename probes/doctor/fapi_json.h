// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace tpmprobe::probes {

/// Reads a file of FAPI as json-c does, which takes comments and a comma after the last element;
/// Debian's own profiles have one. `discarded` if even that makes no sense.
nlohmann::json parse_fapi_json(const std::string& text);

/// A member that is a string; empty if there is none.
std::string text_of(const nlohmann::json& object, const char* name);

}  // namespace tpmprobe::probes
