// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "probes/workbench.h"
#include "walks/ssh/login_server.h"
#include "walks/ssh/way_bench.h"

namespace tpmprobe::walks {

/// One key of the direct way: its name as in the PKCS#11 way, and the row of key_rows().
struct DirectRow {
  std::string_view id, key;
};

std::span<const DirectRow> direct_rows();

/// Logs in with keys of this session through an ssh-agent of our own, without any middleware: what
/// fails here too is the TPM's, what does not is the middleware's. Results: `direct.KEY.key`,
/// `direct.KEY.login`.
void walk_direct(WayBench& way, probes::Workbench& bench, LoginServer& server,
                 const std::function<bool(const std::string& way_and_key)>& wanted);

}  // namespace tpmprobe::walks
