// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "reports/model.h"

namespace tpmprobe::reports {

/// Results that ended with this verdict.
std::size_t count(const Report& report, Verdict verdict);

/// Findings that a person must act on: warnings and errors.
std::size_t count_serious(const Report& report);

/// The TPM refused because of its dictionary-attack protection (TPM_RC_LOCKOUT, Part 2, 6.6.3).
bool is_blocked_by_lockout(const Result& result);

/// Something that should have been learned was not: a probe timed out or was refused by the
/// lockout.
bool is_incomplete(const Report& report);

/// Exit code of `tpmprobe report` (docs/exit-codes.md): 4 if incomplete or interrupted, else 1 if
/// there are findings of warning or above, else 0. Verdicts alone do not count: what matters about
/// them is a finding, and `unsupported` never is one.
int exit_code(const Report& report, bool interrupted);

}  // namespace tpmprobe::reports
