// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <vector>

#include "probes/workbench.h"
#include "walks/ssh/login_server.h"
#include "walks/ssh/walk_bench.h"

namespace tpmprobe::walks {

/// The way of each key.
std::vector<ProbeId> direct_ways();

/// Logs in with keys of this session through an ssh-agent of our own, without any middleware: what
/// fails here too is the TPM's, what does not is the middleware's. Results: `direct.KEY.key`,
/// `direct.KEY.login`.
void walk_direct(WayBench& way, probes::Workbench& bench, LoginServer& server,
                 const Wanted& wanted);

}  // namespace tpmprobe::walks
