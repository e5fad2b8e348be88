// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <span>
#include <vector>

#include "knowledge/quirk/quirk.h"
#include "reports/model.h"

namespace tpmprobe::reports {

/// The report of a run: everything that follows from the results, the TPM and what `knowledge` has
/// is in it: explanations, recognised defects (of those in `known`), uses, advice and findings.
Report report_of(RunFacts facts, std::vector<Result> results,
                 std::span<const knowledge::Quirk> known = knowledge::quirks());

/// The same for the results of `tpmprobe ssh`: explanations, uses, advice and findings; defects,
/// for which no probe looked, are left out.
Report report_of_walk(RunFacts facts, std::vector<Result> results);

}  // namespace tpmprobe::reports
