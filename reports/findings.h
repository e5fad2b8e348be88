// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "reports/model.h"

namespace tpmprobe::reports {

/// Joins the results of a report into what a person should know and fills `findings`, the gravest
/// first. Every `fail`, `mismatch`, `timeout` and `error` ends up in one; what no rule explains is
/// in the finding `unrecognised`. Needs `uses` and `recommended` (uses.h).
void derive_findings(Report& report);

}  // namespace tpmprobe::reports
