// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <vector>

#include "reports/model.h"

namespace tpmprobe::reports {

/// The findings and one more for each advisory (knowledge/advisory) that this TPM is concerned by:
/// by a defect that is among the findings, else by manufacturer and firmware; its diagnosis says
/// which, and what it means for ssh keys. The gravest come first.
std::vector<Finding> with_advisories(std::vector<Finding> findings, const RunFacts& run);

}  // namespace tpmprobe::reports
