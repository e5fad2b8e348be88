// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include <tl/expected.hpp>

#include "cli/terminal/console.h"
#include "explain/known.h"

namespace tpmprobe::cli {

/// Runs a quick report on the TPM that `tcti` names (as `report --tcti`; empty: the usual one), for
/// what it says about the codes of a log. Whatever keeps it from that is said on `console.err`.
tl::expected<explain::KnownTpm, ExitCode> probe_tpm(const std::string& tcti, Console& console);

}  // namespace tpmprobe::cli
