// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "probes/diagnosis.h"
#include "probes/doctor/fapi_config.h"

namespace tpmprobe::probes {

/// Whether tss2_provision has run, and whether it could: `fapi.provisioned`,
/// `fapi.ek-certificate`.
void check_provisioning(const Machine& machine, const FapiConfig& config, Diagnoses& lines);

}  // namespace tpmprobe::probes
