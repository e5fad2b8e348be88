// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <span>
#include <vector>

#include "knowledge/quirk/quirk.h"
#include "reports/explained.h"

namespace tpmprobe::reports {

/// The second step: results with the words of evidence that the state of the TPM adds, the verdict
/// `quirk` where a known defect explains one, and the findings of these defects.
class Recognised {
 public:
  std::vector<ReportedResult> results;
  std::vector<Finding> defects;

 private:
  Recognised() = default;
  friend Recognised recognise(Explained explained, const RunFacts& facts,
                              std::span<const knowledge::Quirk> known);
};

/// Names the known defects that the results show, each with a finding under its id: results that a
/// defect explains carry the id, and `fail` and `mismatch` become `quirk`. Where several explain
/// one result, the more specific symptom wins. Behaviour decides; that the firmware is known for it
/// is said besides, and a defect known of this firmware that did not show is a finding of severity
/// info without probes.
Recognised recognise(Explained explained, const RunFacts& facts,
                     std::span<const knowledge::Quirk> known);

}  // namespace tpmprobe::reports
