// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>

#include "doctor/diagnosis.h"
#include "doctor/machine.h"
#include "host/pkcs11/store.h"

namespace tpmprobe::doctor {

/// Whether the primary that tokens hang on is still the one in the TPM: `pkcs11.primary`. nullopt
/// if the TPM could not be asked.
std::optional<Diagnosis> primary_line(const Machine& machine, const host::StorePrimary& primary);

}  // namespace tpmprobe::doctor
