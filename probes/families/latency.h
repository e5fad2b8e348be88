// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "probes/probe.h"

namespace tpmprobe::probes {

/// `time.quick-commands`: how long commands took that compute next to nothing. Sends nothing: it
/// looks at what the run recorded, and therefore comes last.
Probe latency_probe();

}  // namespace tpmprobe::probes
