// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "knowledge/quirk/quirk.h"
#include "suites/emulator/report_support.h"

/// One defect injected into a TPM, and a report on it.
namespace tpmprobe::suites {

/// The probes that a defect shows in, and who the TPM is: nothing else has to run.
std::vector<std::string> probes_for(const knowledge::Quirk& quirk);

/// A run of those on a TPM with this defect, by a report that knows these files.
RunSpec injected(const knowledge::Quirk& quirk,
                 std::span<const knowledge::Quirk> known = knowledge::quirks());

/// All defects but this one.
std::vector<knowledge::Quirk> without(const knowledge::Quirk& quirk);

/// Results that carry this id.
std::vector<const Result*> results_with(const reports::Report& report, std::string_view quirk);

}  // namespace tpmprobe::suites
