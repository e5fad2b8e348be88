// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <span>

#include "knowledge/quirk/quirk.h"
#include "reports/model.h"

namespace tpmprobe::reports {

/// Names the known defects that the results show, each with a finding under its id: results that a
/// defect explains carry the id, and `fail` and `mismatch` become `quirk`. Where several explain
/// one result, the more specific symptom wins. Behaviour decides; that the firmware is known for it
/// is said besides, and a defect known of this firmware that did not show is a finding of severity
/// info without probes.
void recognise(Report& report, std::span<const knowledge::Quirk> known);

}  // namespace tpmprobe::reports
