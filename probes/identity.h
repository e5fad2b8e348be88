// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "knowledge/capabilities.h"
#include "result/result.h"

namespace tpmprobe::probes {

/// Everything of `Identity` that follows from what TPM2_GetCapability says; transport, reset count,
/// owner primary and failure mode are for the caller to add.
Identity identify(const knowledge::Capabilities& capabilities);

}  // namespace tpmprobe::probes
