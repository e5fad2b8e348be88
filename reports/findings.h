// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <vector>

#include "reports/model.h"
#include "reports/uses.h"

namespace tpmprobe::reports {

/// The findings and one more for each advisory (knowledge/advisory) that this TPM is concerned by:
/// by a defect that is among the findings, else by manufacturer and firmware; its diagnosis says
/// which, and what it means for ssh keys. The gravest come first.
std::vector<Finding> with_advisories(std::vector<Finding> findings, const RunFacts& run);

/// The last step: everything that a report draws from its results.
class Concluded {
 public:
  std::vector<ReportedResult> results;
  Decisions decisions;
  std::vector<Finding> findings;

 private:
  Concluded(std::vector<ReportedResult> of, Decisions made)
      : results(std::move(of)), decisions(std::move(made)) {}
  friend Concluded conclude(Decided decided, const RunFacts& facts);
  friend Concluded conclude_walk(DecidedWalk decided);
};

/// Joins what `recognise` (recognise.h) has not explained into findings, adds the advisories
/// (advisories.h) and puts the gravest first. Every `fail`, `mismatch`, `timeout`, `error` and
/// `blocked` ends up in one; what nobody can explain is in the finding `unrecognised`.
Concluded conclude(Decided decided, const RunFacts& facts);

/// The same for the steps of `tpmprobe ssh`: one finding for all ways that end for the same reason,
/// with the layer that failed, and what was in the way.
Concluded conclude_walk(DecidedWalk decided);

}  // namespace tpmprobe::reports
