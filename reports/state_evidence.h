// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "reports/model.h"

/// What the state of the TPM, or a code that is about its room, says to the results: defects and
/// limits are recognised by it like by what the probes saw.
namespace tpmprobe::reports {

/// The TPM's own code behind a result, without the layer of a resource manager; 0 if there is none
/// or a layer of the TSS gave it.
std::uint32_t code_of_tpm(const Result& result);

/// Adds words of knowledge/evidence.h to the results: lockout, hierarchies and failure mode to the
/// one that looks at them (else to `session.open`), shortages to those that met them.
void add_state_evidence(Report& report);

/// The numbers of this TPM behind the state that a result is evidence of, one clause.
std::optional<std::string> state_in_words(const Report& report, const Result& result);

}  // namespace tpmprobe::reports
