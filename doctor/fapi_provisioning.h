// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "doctor/diagnosis.h"
#include "doctor/fapi_config.h"

namespace tpmprobe::doctor {

/// Whether tss2_provision has run, and whether it could: `fapi.provisioned`,
/// `fapi.ek-certificate`.
void check_provisioning(const Machine& machine, const FapiConfig& config, Diagnoses& lines);

}  // namespace tpmprobe::doctor
