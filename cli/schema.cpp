// SPDX-License-Identifier: BSD-2-Clause
// `tpmprobe schema`, which has no options.
#include <ostream>

#include "cli/commands.h"
#include "reports/json/json_report.h"

namespace tpmprobe::cli {

int run_schema(const std::vector<std::string>& arguments, Console& console) {
  if (!arguments.empty()) {
    return complain(console, "schema", "prints the JSON schema of reports; it takes no arguments",
                    arguments.front() == "--help" ? kExitOk : kExitUsage);
  }
  console.out << reports::report_schema();
  return kExitOk;
}

}  // namespace tpmprobe::cli
