// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <vector>

#include "knowledge/uses.h"
#include "reports/model.h"

namespace tpmprobe::reports {

/// Whether a person can use such an ssh key, by the ways that `tpmprobe ssh` walked with it: the
/// direct one and that through tpm2-pkcs11. Usable if each that was walked ended in a login,
/// limited if only one did.
Use use_of_walk(const std::vector<ReportedResult>& results, const knowledge::UseInfo& info);

/// Whether the walk came to have such a key.
bool walk_made_key(const std::vector<ReportedResult>& results, const knowledge::UseInfo& info);

}  // namespace tpmprobe::reports
