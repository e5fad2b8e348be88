// SPDX-License-Identifier: BSD-2-Clause
#pragma once

namespace tpmprobe {

/// Exit codes of every command (docs/exit-codes.md).
enum ExitCode : int {
  kExitOk = 0,
  kExitFindings = 1,
  kExitUsage = 2,
  kExitNoTpm = 3,
  kExitIncomplete = 4,
  kExitInternal = 70,
};

}  // namespace tpmprobe
