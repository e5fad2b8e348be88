// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <iosfwd>
#include <string_view>
#include <vector>

#include "cli/output.h"
#include "reports/model.h"

namespace tpmprobe::cli {

/// How a command shows its report to a person.
using WriteText =
    std::function<void(const reports::Report&, const text::TextStyle&, std::ostream&)>;

/// Writes a report to all its outputs. The value is its exit code, or kExitUsage after the line
/// that says what could not be written; `command` names who says it.
int write_report(const reports::Report& report, const std::vector<Output>& outputs,
                 std::string_view command, const WriteText& write_text, Console& console);

}  // namespace tpmprobe::cli
