// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "reports/model.h"
#include "result/result.h"

namespace tpmprobe::reports {

/// A measured time in the unit that reads best: "0.27 ms", "41 ms", "1.7 s", "2 min 5 s".
std::string milliseconds_in_words(double milliseconds);

/// A set time: "45 s", "16 min 40 s", "1 day".
std::string seconds_in_words(std::uint32_t seconds);

/// Dictionary-attack state in one clause (Part 1, 19.8): "not in lockout, 0 of 32 tries used, one
/// is given back every 2 h".
std::string lockout_in_words(const LockoutState& lockout);

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
