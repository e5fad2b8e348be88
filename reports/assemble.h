// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "reports/model.h"

namespace tpmprobe::reports {

/// Fills everything in a report that follows from the results, the TPM and what `knowledge` has:
/// explanations, uses, advice and findings.
void complete(Report& report);

}  // namespace tpmprobe::reports
