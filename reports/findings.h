// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "reports/model.h"

namespace tpmprobe::reports {

/// Joins what `recognise` (recognise.h) has not explained into findings and puts the gravest first.
/// Every `fail`, `mismatch`, `timeout`, `error` and `blocked` ends up in one; what nobody can
/// explain is in the finding `unrecognised`.
void derive_findings(Report& report);

/// The same for the steps of `tpmprobe ssh`: one finding for all ways that end for the same reason,
/// with the layer that failed, and what was in the way.
void derive_walk_findings(Report& report);

}  // namespace tpmprobe::reports
