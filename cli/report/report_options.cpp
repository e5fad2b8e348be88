// SPDX-License-Identifier: BSD-2-Clause
#include "cli/report/report_options.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace tpmprobe::cli {
namespace {

using Parsed = tl::expected<ReportOptions, ExitCode>;

/// The words as they are, before they are checked.
struct Words {
  CommonWords common;
  probes::Selection selection;
};

void declare(CLI::App& app, Words& words, ReportOptions& options) {
  declare_target(app, words.common);
  app.add_option("--only", words.selection.only, "Run only this probe (id or glob)")
      ->allow_extra_args(false);
  app.add_option("--skip", words.selection.skip, "Leave this probe out (id or glob)")
      ->allow_extra_args(false);
  app.add_flag("--quick", words.selection.quick, "Generate no RSA key above 2048 bits");
  app.add_flag("--list", options.list, "List the probes and end");
  app.add_flag("--dry-run", options.dry_run,
               "Say which commands would be sent and what they change, send nothing, and end");
  declare_outputs(app, words.common);
  app.add_flag("--flush-leftovers", options.flush_leftovers,
               "Flush transient objects that other programs left in the TPM");
  app.add_flag("-v,--verbose", options.verbose, "One line for each probe that has ended");
  app.add_flag("-q,--quiet", options.quiet, "No progress");
}

/// What the words choose of the catalogue; the error is one line.
tl::expected<std::vector<const probes::Probe*>, std::string> chosen(
    const probes::Selection& selection) {
  auto selected = probes::select(selection);
  if (!selected) {
    return tl::unexpected(
        fmt::format("no probe is called \"{}\"; --list shows them all", selected.error()));
  }
  if (selected->empty()) {
    return tl::unexpected(std::string("--skip leaves nothing of what --only chose"));
  }
  return std::move(*selected);
}

}  // namespace

Parsed parse_report_options(const std::vector<std::string>& arguments, Console& console) {
  CLI::App app(
      "Tries what a TPM can do, from key generation to a signature that OpenSSL and "
      "OpenSSH verify.",
      "tpmprobe report");
  Words words;
  ReportOptions options;
  declare(app, words, options);
  if (auto read = parse_words(app, arguments, console); !read) return tl::unexpected(read.error());
  auto selected = chosen(words.selection);
  if (!selected) return refuse_words(app, selected.error(), console);
  options.probes = std::move(*selected);
  options.quick = words.selection.quick;
  auto common = read_common(app, words.common);
  if (!common) return refuse_words(app, common.error(), console);
  static_cast<CommonOptions&>(options) = std::move(*common);
  return options;
}

}  // namespace tpmprobe::cli
