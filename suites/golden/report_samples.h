// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "reports/model.h"

namespace tpmprobe::golden {

/// libtpms as it is, run in process: everything that it advertises works.
reports::Report clean_report();

/// AMD firmware 3.51.0.5: curve P-384 without SHA-384 (TPM_PT_MAX_DIGEST is 32).
reports::Report amd_report();

/// A TPM in failure mode: no capabilities, no results.
reports::Report failed_report();

/// A TPM, and a run, whose every string tries to control the terminal or is not UTF-8.
reports::Report hostile_report();

/// A TPM with every hash and every kind of defect in its signing combinations.
reports::Report defective_report();

/// A run cut short: a timeout and a lockout.
reports::Report incomplete_report();

}  // namespace tpmprobe::golden
