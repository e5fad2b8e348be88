// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <atomic>

namespace tpmprobe::cli {

/// From the first SIGINT, SIGTERM or SIGHUP on this is true, and the run ends after the command
/// that is under way; a second signal ends the program at once, as if nobody caught it.
const std::atomic<bool>& catch_interrupts();

}  // namespace tpmprobe::cli
