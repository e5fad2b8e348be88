// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>

#include "probes/diagnosis.h"
#include "probes/doctor/machine.h"
#include "probes/pkcs11/store.h"

namespace tpmprobe::probes {

/// Whether the primary that tokens hang on is still the one in the TPM: `pkcs11.primary`. nullopt
/// if the TPM could not be asked.
std::optional<Diagnosis> primary_line(const Machine& machine, const StorePrimary& primary);

}  // namespace tpmprobe::probes
