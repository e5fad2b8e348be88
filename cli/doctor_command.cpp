// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/ostream.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/emulation_choice.h"
#include "cli/output.h"
#include "cli/target.h"
#include "cli/terminal.h"
#include "cli/text_file.h"
#include "cli/version.h"
#include "probes/doctor/checks.h"
#include "probes/doctor/read_tpm_facts.h"
#include "reports/doctor_report.h"
#include "tpm/stack.h"

namespace tpmprobe::cli {
namespace {

using probes::Health;

struct Words {
  EmulationWords emulation;
  std::vector<std::string> paths;
  std::string tcti, format, colour = "auto", since;
  bool emulated = false;
};

struct Options {
  TargetChoice target;
  std::vector<Output> outputs;
  std::optional<probes::EarlierReport> earlier;
};

int refuse(Console& console, std::string why, int code = kExitUsage) {
  std::ranges::replace(why, '\n', ' ');
  fmt::print(console.err, "tpmprobe doctor: {}\n", why);
  return code;
}

void declare(CLI::App& app, Words& words) {
  auto* tcti = app.add_option("--tcti", words.tcti, "TPM to look at, as tss2 writes it");
  app.add_flag("--emulated", words.emulated, "Look at the TPM inside tpmprobe")->excludes(tcti);
  declare_emulation(app, words.emulation);
  app.add_option("--since", words.since, "JSON report of before: was the TPM cleared or reset?");
  app.add_option("--format", words.format, "text or json");
  app.add_option("-o,--output", words.paths, "File to write to (.txt or .json), may be repeated")
      ->allow_extra_args(false);
  app.add_option("--color", words.colour, "auto, always or never");
}

tl::expected<probes::EarlierReport, std::string> read_earlier(const std::string& path) {
  const auto text = read_text_file(path);
  if (!text) return tl::unexpected(fmt::format("{}: {}", path, text.error()));
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  if (!json.is_object() || !json.contains("tpm") || !json["tpm"].is_object()) {
    return tl::unexpected(fmt::format("{}: is no JSON report of tpmprobe", path));
  }
  probes::EarlierReport earlier;
  const auto& tpm = json["tpm"];
  if (const auto at = tpm.find("reset_count"); at != tpm.end() && at->is_number_unsigned()) {
    earlier.reset_count = at->get<std::uint32_t>();
  }
  if (const auto at = tpm.find("manufacturer"); at != tpm.end() && at->is_string()) {
    earlier.manufacturer = at->get<std::string>();
  }
  return earlier;
}

tl::expected<Options, std::string> checked(const Words& words) {
  Options options;
  options.target.emulated = words.emulated;
  if (!words.tcti.empty()) options.target.tcti = words.tcti;
  if (words.emulation.any() && !words.emulated) {
    return tl::unexpected(std::string("--firmware, --quirk and --latency need --emulated"));
  }
  auto pretend = read_emulation(words.emulation);
  if (!pretend) return tl::unexpected(pretend.error());
  options.target.pretend = std::move(*pretend);
  const auto format = parse_format(words.format);
  if (!words.format.empty() && !format)
    return tl::unexpected(std::string("--format is text or json"));
  auto outputs = choose_outputs(words.paths, format);
  if (!outputs) return tl::unexpected(outputs.error());
  options.outputs = std::move(*outputs);
  if (words.since.empty()) return options;
  auto earlier = read_earlier(words.since);
  if (!earlier) return tl::unexpected(earlier.error());
  options.earlier = std::move(*earlier);
  return options;
}

probes::TpmFacts nothing_read(std::string why) {
  probes::TpmFacts facts;
  facts.unreachable = std::move(why);
  return facts;
}

/// The guard lets pass what changes nothing at all.
probes::TpmFacts read_tpm(const TargetChoice& choice) {
  auto target = open_target(choice, {process_environment});
  if (!target) return nothing_read(target.error().message);
  tpm::Recorder recorder;
  auto stack = tpm::make_stack(std::move(target->transport), recorder, *target->clock, {}, nullptr);
  auto session = tpm::Session::open(std::move(stack.top));
  return session ? probes::read_tpm_facts(*session) : nothing_read(session.error().message);
}

int exit_code(const probes::Diagnoses& lines, bool unreachable) {
  if (unreachable) return kExitNoTpm;
  const bool found = std::ranges::any_of(lines, [](const auto& line) {
    return line.health == Health::fail || line.health == Health::warn;
  });
  return found ? kExitFindings : kExitOk;
}

/// A path in it is the user's own, and may be pasted.
std::string without_home(std::string text, const std::string& home) {
  const auto folder = home + "/";
  if (home.size() <= 1) return text;
  for (auto at = text.find(folder); at != std::string::npos; at = text.find(folder)) {
    text = fmt::format("{}~/{}", text.substr(0, at), text.substr(at + folder.size()));
  }
  return text;
}

int examine(const Options& options, Console& console) {
  auto machine = probes::this_machine();
  machine.tpm = read_tpm(options.target);
  machine.earlier = options.earlier;
  auto lines = probes::examine(machine);
  for (auto& line : lines) {
    for (auto* text : {&line.evidence, &line.fix}) *text = without_home(*text, machine.home);
  }
  const auto written = write_outputs(
      options.outputs,
      [&](Format format, const reports::TextStyle& style, std::ostream& out) {
        format == Format::json ? reports::write_doctor_json(lines, std::string(kVersion), out)
                               : reports::write_doctor_text(lines, style, out);
      },
      console);
  if (!written) return refuse(console, written.error());
  return exit_code(lines, machine.tpm.unreachable.has_value());
}

}  // namespace

int run_doctor(const std::vector<std::string>& arguments, Console& console) {
  CLI::App app("Looks at everything around the TPM and changes nothing.", "tpmprobe doctor");
  Words words;
  declare(app, words);
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // as CLI11 wants it
    app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    console.out << app.help();
    return kExitOk;
  } catch (const CLI::ParseError& error) {
    return refuse(console, error.what());
  }
  const auto colour = parse_colour(words.colour);
  if (!colour) return refuse(console, "--color is auto, always or never");
  console.out_style = style_for(stream_facts(STDOUT_FILENO), process_environment, *colour);
  const auto options = checked(words);
  if (!options) return refuse(console, options.error());
  if (const auto writable = check_writable(options->outputs); !writable) {
    return refuse(console, writable.error());
  }
  return examine(*options, console);
}

}  // namespace tpmprobe::cli
