// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reports/model.h"

/// What the state of the TPM, or a code that is about its room, says to the results: defects and
/// limits are recognised by it like by what the probes saw.
namespace tpmprobe::reports {

/// The TPM's own code behind a result, without the layer of a resource manager; 0 if there is none
/// or a layer of the TSS gave it.
std::uint32_t code_of_tpm(const Result& result);

/// The results with words of knowledge/evidence.h added: lockout, hierarchies and failure mode to
/// the one that looks at them (else to `session.open`), shortages to those that met them.
std::vector<ReportedResult> with_state_evidence(std::vector<ReportedResult> results,
                                                const Identity& tpm);

/// The numbers of this TPM behind the state that a result is evidence of, one clause.
std::optional<std::string> state_in_words(const Identity& tpm, const Result& result);

}  // namespace tpmprobe::reports
