// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/ostream.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/report/probe_lists.h"
#include "cli/report/report_run.h"
#include "cli/report/report_writer.h"
#include "cli/terminal/interrupt.h"
#include "reports/text/text_report.h"

namespace tpmprobe::cli {
namespace {

int refuse_target(const NoTarget& none, Console& console) {
  fmt::print(console.err, "tpmprobe report: {}\n", none.message);
  if (!none.hint.empty()) fmt::print(console.err, "{}\n", none.hint);
  return none.exit_code;
}

}  // namespace

int run_report(const std::vector<std::string>& arguments, Console& console) {
  auto options = parse_report_options(arguments, console);
  if (!options) return options.error();
  if (options->list || options->dry_run) {
    (options->list ? print_list : print_dry_run)(options->probes, console.out);
    return kExitOk;
  }
  console.out_style = style_for(stream_facts(STDOUT_FILENO), process_environment, options->colour);
  if (const auto writable = check_writable(options->outputs); !writable) {
    fmt::print(console.err, "tpmprobe report: {}\n", writable.error());
    return kExitUsage;
  }
  auto target = open_target(options->target, {process_environment});
  if (!target) return refuse_target(target.error(), console);
  const auto report = run_probes(*target, *options, arguments, catch_interrupts(), console);
  return write_report(report, options->outputs, "report", reports::write_text, console);
}

}  // namespace tpmprobe::cli
