// SPDX-License-Identifier: BSD-2-Clause
#include "cli/report/report_writer.h"

#include <fmt/ostream.h>

#include "reports/json/json_report.h"

namespace tpmprobe::cli {

int write_report(const reports::Report& report, const std::vector<Output>& outputs,
                 std::string_view command, const WriteText& write_text, Console& console) {
  const auto written = write_outputs(
      outputs,
      [&](Format format, const text::TextStyle& style, std::ostream& out) {
        format == Format::json ? reports::write_json(report, out) : write_text(report, style, out);
      },
      console);
  if (written) return report.invocation.exit_code;
  fmt::print(console.err, "tpmprobe {}: {}\n", command, written.error());
  return kExitUsage;
}

}  // namespace tpmprobe::cli
