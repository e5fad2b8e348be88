// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "reports/model.h"

namespace tpmprobe::reports {

/// Decides each use of knowledge/uses.json from the results of the report and fills `uses`,
/// `recommended` (what works, is strong enough, and is quickest on this TPM first) and `avoid`
/// (keys that can be made but then not be used, and keys that nobody should trust).
void derive_uses(Report& report);

/// The same from the steps of `tpmprobe ssh`.
void derive_walk_uses(Report& report);

}  // namespace tpmprobe::reports
