// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <span>

#include "knowledge/quirk/quirk.h"
#include "reports/model.h"

namespace tpmprobe::reports {

/// Fills everything in a report that follows from the results, the TPM and what `knowledge` has:
/// explanations, recognised defects (of those in `known`), uses, advice and findings.
void complete(Report& report, std::span<const knowledge::Quirk> known = knowledge::quirks());

/// The same for the results of `tpmprobe ssh`: explanations, uses, advice and findings; defects,
/// for which no probe looked, are left out.
void complete_walk(Report& report);

}  // namespace tpmprobe::reports
