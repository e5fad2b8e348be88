// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "reports/model.h"

namespace tpmprobe::reports {

/// Adds a finding for each advisory (knowledge/advisory) that this TPM is concerned by: by a defect
/// that the run recognised, else by manufacturer and firmware; its diagnosis says which, and what
/// it means for ssh keys. The gravest findings stay first. Needs the findings of `derive_findings`.
void add_advisories(Report& report);

}  // namespace tpmprobe::reports
