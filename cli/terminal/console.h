// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <iosfwd>

#include "text/style.h"

namespace tpmprobe::cli {

/// The program's edge to a person: streams, and what is known about where they lead.
struct Console {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool in_is_terminal = false;
  bool err_is_terminal = false;
  text::TextStyle out_style;
  text::TextStyle err_style;
};

/// Exit codes of every command (docs/exit-codes.md).
enum ExitCode : int {
  kExitOk = 0,
  kExitFindings = 1,
  kExitUsage = 2,
  kExitNoTpm = 3,
  kExitIncomplete = 4,
  kExitInternal = 70,
};

}  // namespace tpmprobe::cli
