// SPDX-License-Identifier: BSD-2-Clause
#include "cli/report_options.h"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/ostream.h>

#include "cli/emulation_choice.h"

namespace tpmprobe::cli {
namespace {

using Parsed = tl::expected<ReportOptions, ExitCode>;

/// The words as they are, before they are checked.
struct Words {
  probes::Selection selection;
  EmulationWords emulation;
  std::vector<std::string> paths;
  std::string tcti, format, colour = "auto";
};

tl::unexpected<ExitCode> refuse(Console& console, std::string why) {
  std::ranges::replace(why, '\n', ' ');
  fmt::print(console.err, "tpmprobe report: {}\n", why);
  return tl::unexpected(kExitUsage);
}

void declare(CLI::App& app, Words& words, ReportOptions& options) {
  auto* tcti = app.add_option("--tcti", words.tcti,
                              "TPM to use, as tss2 writes it: device:/dev/tpmrm0, tabrmd, "
                              "swtpm:path=…");
  app.add_flag("--emulated", options.target.emulated, "Use the TPM inside tpmprobe")
      ->excludes(tcti);
  declare_emulation(app, words.emulation);
  app.add_option("--only", words.selection.only, "Run only this probe (id or glob)")
      ->allow_extra_args(false);
  app.add_option("--skip", words.selection.skip, "Leave this probe out (id or glob)")
      ->allow_extra_args(false);
  app.add_flag("--quick", words.selection.quick, "Generate no RSA key above 2048 bits");
  app.add_flag("--list", options.list, "List the probes and end");
  app.add_flag("--dry-run", options.dry_run,
               "Say which commands would be sent and what they change, send nothing, and end");
  app.add_option("--format", words.format, "text or json");
  app.add_option("-o,--output", words.paths, "File to write to (.txt or .json), may be repeated")
      ->allow_extra_args(false);
  app.add_option("--color", words.colour, "auto, always or never");
  app.add_flag("--flush-leftovers", options.flush_leftovers,
               "Flush transient objects that other programs left in the TPM");
  app.add_flag("-v,--verbose", options.verbose, "One line for each probe that has ended");
  app.add_flag("-q,--quiet", options.quiet, "No progress");
}

Parsed checked(Words words, ReportOptions options, Console& console) {
  auto selected = probes::select(words.selection);
  if (!selected) {
    return refuse(
        console, fmt::format("no probe is called \"{}\"; --list shows them all", selected.error()));
  }
  if (selected->empty()) return refuse(console, "--skip leaves nothing of what --only chose");
  options.probes = std::move(*selected);
  options.quick = words.selection.quick;
  if (!words.tcti.empty()) options.target.tcti = words.tcti;
  if (words.emulation.any() && !options.target.emulated) {
    return refuse(console, "--firmware, --quirk and --latency need --emulated");
  }
  auto pretend = read_emulation(words.emulation);
  if (!pretend) return refuse(console, pretend.error());
  options.target.pretend = std::move(*pretend);
  const auto colour = parse_colour(words.colour);
  if (!colour) return refuse(console, "--color is auto, always or never");
  options.colour = *colour;
  const auto format = parse_format(words.format);
  if (!words.format.empty() && !format) {
    return refuse(console,
                  fmt::format("there is no format \"{}\"; text and json there are", words.format));
  }
  auto outputs = choose_outputs(words.paths, format);
  if (!outputs) return refuse(console, outputs.error());
  options.outputs = std::move(*outputs);
  return options;
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
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // as CLI11 wants it
    app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    console.out << app.help();
    return tl::unexpected(kExitOk);
  } catch (const CLI::ParseError& error) {
    return refuse(console, error.what());
  }
  if (app.count("--tcti") > 0 && words.tcti.empty()) return refuse(console, "--tcti is empty");
  return checked(std::move(words), std::move(options), console);
}

}  // namespace tpmprobe::cli
