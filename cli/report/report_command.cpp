// SPDX-License-Identifier: BSD-2-Clause
// `tpmprobe report`. parse_report_options() reads its words; print_list() and print_dry_run()
// answer without a TPM; run_report(), at the end, is the command. kFormats is what it can write: a
// new format is a row there.
#include <algorithm>
#include <array>
#include <set>

#include <fmt/ostream.h>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/report/report.h"
#include "cli/terminal/stop_signals.h"
#include "knowledge/command_table.h"
#include "probes/runner.h"
#include "reports/json/json_report.h"
#include "reports/text/text_report.h"
#include "tpm/layers/guard.h"

namespace tpmprobe::cli {
namespace {

using Parsed = tl::expected<ReportOptions, ExitCode>;

constexpr std::array<Format<reports::Report>, 2> kFormats{{
    {{"text", ".txt"}, reports::write_text},
    {{"json", ".json"},
     [](const auto& report, const auto&, std::ostream& out) { write_json(report, out); }},
}};

/// The words as they are, before they are checked.
struct Words {
  TargetWords target;
  OutputWords output;
  probes::Selection selection;
};

void declare(Arguments& arguments, Words& words, ReportOptions& options) {
  declare_target(arguments, words.target);
  arguments.repeated("--only", words.selection.only,
                     "Run only this probe (id or glob); may be repeated");
  arguments.repeated("--skip", words.selection.skip,
                     "Leave out this probe (id or glob); may be repeated");
  arguments.flag("--quick", words.selection.quick, "Do not generate RSA keys above 2048 bits");
  arguments.flag("--list", options.list, "List the probes and exit");
  arguments.flag("--dry-run", options.dry_run,
                 "Show the commands that would be sent and their effects, without sending any");
  declare_outputs(arguments, words.output, forms_of(kFormats));
  arguments.flag("--flush-leftovers", options.flush_leftovers,
                 "Flush transient objects that other programs left in the TPM");
  arguments.flag("-v,--verbose", options.verbose, "Print one line for each finished probe");
  arguments.flag("-q,--quiet", options.quiet, "Do not show progress");
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
    return tl::unexpected(
        std::string("nothing to run: --skip excludes every probe that --only selected"));
  }
  return std::move(*selected);
}

constexpr std::size_t kNameWidth = 18;  // of the longest command's name here

const ProbeId kOpen{.family = Family::session, .step = "open"};
const ProbeId kClose{.family = Family::session, .step = "close"};

std::string command_name(std::uint32_t code) {
  return fmt::format("TPM2_{}", knowledge::find_command(code)->name);
}

std::string effects_of(std::uint32_t code) {
  const auto* command = knowledge::find_command(code);
  std::vector<std::string_view> clauses;
  for (unsigned bit = 1; bit <= command->effects; bit <<= 1U) {
    const auto effect = static_cast<std::uint16_t>(command->effects & bit);
    if (effect != 0) clauses.push_back(tpm::clause_of(effect));
  }
  return clauses.empty() ? "changes nothing" : fmt::format("{}", fmt::join(clauses, ", "));
}

std::vector<std::uint32_t> commands_of(const probes::Probe& probe) {
  auto all = probe.needs.commands;
  all.insert(all.end(), probe.may_send.begin(), probe.may_send.end());
  return all;
}

void print_commands(const ProbeId& id, const std::vector<std::uint32_t>& commands,
                    std::size_t width, std::ostream& out) {
  std::vector<std::string> names;
  for (const auto code : commands) names.push_back(command_name(code));
  fmt::print(out, "  {:<{}}  {}\n", to_string(id), width,
             names.empty() ? "none: uses what session.open has read"
                           : fmt::format("{}", fmt::join(names, " ")));
}

std::size_t longest_id(const std::vector<const probes::Probe*>& probes) {
  std::size_t longest = to_string(kClose).size();
  for (const auto* probe : probes) longest = std::max(longest, to_string(probe->id).size());
  return longest;
}

int refuse_target(const NoTarget& none, Console& console) {
  complain(console, "report", none.message, none.exit_code);
  if (!none.hint.empty()) fmt::print(console.err, "{}\n", none.hint);
  return none.exit_code;
}

}  // namespace

Parsed parse_report_options(const std::vector<std::string>& given, Console& console) {
  Arguments arguments("report",
                      "Tests what a TPM can do, from key generation to a signature that OpenSSL "
                      "and OpenSSH verify.");
  Words words;
  ReportOptions options;
  declare(arguments, words, options);
  if (auto read = arguments.read(given, console); !read) return tl::unexpected(read.error());
  auto selected = chosen(words.selection);
  if (!selected) return arguments.refuse(selected.error(), console);
  options.probes = std::move(*selected);
  options.quick = words.selection.quick;
  auto target = read_target(words.target);
  if (!target) return arguments.refuse(target.error(), console);
  options.target = std::move(*target);
  auto output = read_outputs(words.output, forms_of(kFormats));
  if (!output) return arguments.refuse(output.error(), console);
  options.output = std::move(*output);
  return options;
}

void print_list(const std::vector<const probes::Probe*>& probes, std::ostream& out) {
  const std::size_t width = longest_id(probes);
  for (const auto* probe : probes) {
    fmt::print(out, "{:<{}}  {}\n", to_string(probe->id), width, probe->title);
  }
}

void print_dry_run(const std::vector<const probes::Probe*>& probes, std::ostream& out) {
  const auto opening = probes::opening_commands();
  std::set<std::uint32_t> all(opening.begin(), opening.end());
  for (const auto* probe : probes) {
    for (const auto code : commands_of(*probe)) all.insert(code);
  }
  fmt::print(out, "Nothing was sent. A run may send these commands and no others:\n");
  for (const auto code : all) {
    fmt::print(out, "  {:<{}}  {}\n", command_name(code), kNameWidth, effects_of(code));
  }
  fmt::print(out,
             "\nTransient objects are flushed before the run ends; TPM2_Startup is sent only to a "
             "TPM that has not\nbeen started; TPM2_GetTestResult also follows TPM_RC_FAILURE. "
             "Probe by probe:\n");
  const std::size_t width = longest_id(probes);
  print_commands(kOpen, opening, width, out);
  for (const auto* probe : probes) print_commands(probe->id, commands_of(*probe), width, out);
  print_commands(kClose, probes::closing_commands(), width, out);
}

int run_report(const std::vector<std::string>& arguments, Console& console) {
  auto options = parse_report_options(arguments, console);
  if (!options) return options.error();
  if (options->list || options->dry_run) {
    (options->list ? print_list : print_dry_run)(options->probes, console.out);
    return kExitOk;
  }
  if (const auto opened = open_outputs(options->output, console); !opened) {
    return complain(console, "report", opened.error(), kExitUsage);
  }
  auto target = open_target(options->target, {process_environment});
  if (!target) return refuse_target(target.error(), console);
  const auto report = run_probes(*target, *options, arguments, catch_interrupts(), console);
  return end_with({"report", options->output.outputs, report.invocation.exit_code}, report,
                  kFormats, console);
}

}  // namespace tpmprobe::cli
