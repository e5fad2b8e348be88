// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "reports/model.h"

namespace tpmprobe::reports::json {

using Json = nlohmann::ordered_json;

/// The value of "tpm"; null for what the TPM did not say.
Json tpm(const Report& report);

/// The value of "capabilities", null if none could be read.
Json capabilities(const Report& report);

/// The value of "results".
Json results(const Report& report);

}  // namespace tpmprobe::reports::json
