// SPDX-License-Identifier: BSD-2-Clause
#include "cli/doctor_options.h"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/ostream.h>

#include "cli/emulation_choice.h"
#include "cli/report_facts.h"

namespace tpmprobe::cli {
namespace {

struct Words {
  EmulationWords emulation;
  std::vector<std::string> paths;
  std::string tcti, format, colour = "auto", since, now;
  bool emulated = false;
};

tl::unexpected<ExitCode> refuse(Console& console, std::string why) {
  std::ranges::replace(why, '\n', ' ');
  fmt::print(console.err, "tpmprobe doctor: {}\n", why);
  return tl::unexpected(kExitUsage);
}

void declare(CLI::App& app, Words& words) {
  auto* tcti = app.add_option("--tcti", words.tcti, "TPM to look at, as tss2 writes it");
  app.add_flag("--emulated", words.emulated, "Look at the TPM inside tpmprobe")->excludes(tcti);
  declare_emulation(app, words.emulation);
  auto* since = app.add_option("--since", words.since,
                               "JSON report of before: was the TPM cleared or reset?");
  app.add_option("--now", words.now, "JSON report made just now, to compare that with")
      ->needs(since);
  app.add_option("--format", words.format, "text or json");
  app.add_option("-o,--output", words.paths, "File to write to (.txt or .json), may be repeated")
      ->allow_extra_args(false);
  app.add_option("--color", words.colour, "auto, always or never");
}

tl::expected<void, std::string> read_target(const Words& words, TargetChoice& target) {
  target.emulated = words.emulated;
  if (!words.tcti.empty()) target.tcti = words.tcti;
  if (words.emulation.any() && !words.emulated) {
    return tl::unexpected(std::string("--firmware, --quirk and --latency need --emulated"));
  }
  auto pretend = read_emulation(words.emulation);
  if (!pretend) return tl::unexpected(pretend.error());
  target.pretend = std::move(*pretend);
  return {};
}

tl::expected<void, std::string> read_outputs(const Words& words, std::vector<Output>& outputs) {
  const auto format = parse_format(words.format);
  if (!words.format.empty() && !format) {
    return tl::unexpected(std::string("--format is text or json"));
  }
  auto chosen = choose_outputs(words.paths, format);
  if (!chosen) return tl::unexpected(chosen.error());
  outputs = std::move(*chosen);
  return {};
}

tl::expected<void, std::string> read_report(const std::string& path,
                                            std::optional<probes::ReportFacts>& facts) {
  if (path.empty()) return {};
  auto read = read_report_facts(path);
  if (!read) return tl::unexpected(read.error());
  facts = std::move(*read);
  return {};
}

tl::expected<DoctorOptions, ExitCode> checked(const Words& words, Console& console) {
  DoctorOptions options;
  const auto colour = parse_colour(words.colour);
  if (!colour) return refuse(console, "--color is auto, always or never");
  options.colour = *colour;
  const auto read = read_target(words, options.target)
                        .and_then([&] { return read_outputs(words, options.outputs); })
                        .and_then([&] { return read_report(words.since, options.earlier); })
                        .and_then([&] { return read_report(words.now, options.present); });
  if (!read) return refuse(console, read.error());
  return options;
}

}  // namespace

tl::expected<DoctorOptions, ExitCode> parse_doctor_options(
    const std::vector<std::string>& arguments, Console& console) {
  CLI::App app("Looks at everything around the TPM and changes nothing.", "tpmprobe doctor");
  Words words;
  declare(app, words);
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
  return checked(words, console);
}

}  // namespace tpmprobe::cli
