// SPDX-License-Identifier: BSD-2-Clause
#include "cli/explain/explain_probe.h"

#include <fmt/ostream.h>

#include "cli/report/report_options.h"
#include "cli/report/report_run.h"
#include "cli/terminal/interrupt.h"
#include "reports/known_tpm.h"

namespace tpmprobe::cli {

tl::expected<explain::KnownTpm, ExitCode> probe_tpm(const std::string& tcti, Console& console) {
  std::vector<std::string> words{"--quick"};
  if (!tcti.empty()) words.insert(words.end(), {"--tcti", tcti});
  const auto options = parse_report_options(words, console);
  if (!options) return tl::unexpected(options.error());
  auto target = open_target(options->target, {process_environment});
  if (!target) {
    fmt::print(console.err, "tpmprobe explain: {}\n", target.error().message);
    return tl::unexpected(target.error().exit_code);
  }
  return reports::known_tpm(run_probes(*target, *options, words, catch_interrupts(), console));
}

}  // namespace tpmprobe::cli
