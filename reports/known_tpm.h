// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "explain/known.h"
#include "reports/model.h"

namespace tpmprobe::reports {

/// The codes that the TPM of a report gave, with what the report says about each.
explain::KnownTpm known_tpm(const Report& report);

}  // namespace tpmprobe::reports
