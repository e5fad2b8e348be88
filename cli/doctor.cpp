// SPDX-License-Identifier: BSD-2-Clause
// `tpmprobe doctor`. run_doctor(), at the end, has the words read by parse(), looks at the TPM and
// all around it (doctor/checks.h), and takes the user's names out of what is written.
#include <algorithm>
#include <array>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/explain/report_facts.h"
#include "cli/output.h"
#include "cli/program.h"
#include "cli/run.h"
#include "cli/target.h"
#include "doctor/diagnosis.h"
#include "doctor/report.h"
#include "doctor/tpm_facts.h"
#include "tpm/stack.h"

namespace tpmprobe::cli {
namespace {

using doctor::Health;

constexpr std::array<Format<doctor::Diagnoses>, 2> kFormats{{
    {{"text", ".txt"}, doctor::write_doctor_text},
    {{"json", ".json"},
     [](const auto& lines, const auto&, std::ostream& out) {
       doctor::write_doctor_json(lines, std::string(kVersion), out);
     }},
}};

/// What the user said after `tpmprobe doctor`, checked.
struct Options {
  TargetChoice target;
  OutputChoice output;
  std::optional<doctor::ReportFacts> earlier;  ///< --since
  std::optional<doctor::ReportFacts> present;  ///< --now
};

/// The words as they are, before they are checked.
struct Words {
  TargetWords target;
  OutputWords output;
  std::string since, now;
};

void declare(Arguments& arguments, Words& words) {
  declare_target(arguments, words.target);
  arguments.option("--since", words.since,
                   "Earlier JSON report: has the TPM been cleared or reset since then?");
  arguments.option("--now", words.now, "JSON report made just now, to compare with the earlier one")
      .needs("--since");
  declare_outputs(arguments, words.output, forms_of(kFormats));
}

tl::expected<void, std::string> read_report(const std::string& path,
                                            std::optional<doctor::ReportFacts>& facts) {
  if (path.empty()) return {};
  auto read = read_report_facts(path);
  if (!read) return tl::unexpected(read.error());
  facts = std::move(*read);
  return {};
}

tl::expected<Options, ExitCode> parse(const std::vector<std::string>& given, Console& console) {
  Arguments arguments("doctor", "Checks everything around the TPM and changes nothing.");
  Words words;
  declare(arguments, words);
  if (auto read = arguments.read(given, console); !read) return tl::unexpected(read.error());
  Options options;
  auto target = read_target(words.target);
  if (!target) return arguments.refuse(target.error(), console);
  options.target = std::move(*target);
  auto output = read_outputs(words.output, forms_of(kFormats));
  if (!output) return arguments.refuse(output.error(), console);
  options.output = std::move(*output);
  const auto read = read_report(words.since, options.earlier).and_then([&] {
    return read_report(words.now, options.present);
  });
  if (!read) return arguments.refuse(read.error(), console);
  return options;
}

/// The guard lets pass what changes nothing at all.
doctor::TpmFacts read_tpm(Target& target) {
  tpm::Recorder recorder;
  auto stack = tpm::make_stack(std::move(target.transport), recorder, *target.clock, {}, nullptr);
  auto session = tpm::Session::open(std::move(stack.top));
  if (session) return doctor::read_tpm_facts(*session);
  doctor::TpmFacts facts;
  facts.unreachable = session.error().message;
  return facts;
}

void look_at_tpm(const TargetChoice& choice, doctor::Machine& machine) {
  machine.named_tcti = choice.tcti.value_or("");
  auto target = open_target(choice, {process_environment});
  if (!target) {
    machine.tpm.unreachable = target.error().message;
    return;
  }
  machine.tcti = target->name;
  machine.tpm = read_tpm(*target);
}

int exit_code(const doctor::Diagnoses& lines, const doctor::TpmFacts& tpm) {
  if (tpm.unreachable) return kExitNoTpm;
  const bool found = std::ranges::any_of(lines, [](const auto& line) {
    return line.health == Health::fail || line.health == Health::warn;
  });
  return found ? kExitFindings : kExitOk;
}

/// Lines are made to be pasted: paths and names of the user are taken out.
void redact(doctor::Diagnoses& lines) {
  const auto names = secrets();
  for (auto& line : lines) {
    line.evidence = reports::redacted(line.evidence, names);
    line.fix = reports::redacted(line.fix, names);
  }
}

}  // namespace

int run_doctor(const std::vector<std::string>& arguments, Console& console) {
  const auto options = parse(arguments, console);
  if (!options) return options.error();
  if (const auto opened = open_outputs(options->output, console); !opened) {
    return complain(console, "doctor", opened.error(), kExitUsage);
  }
  auto machine = doctor::this_machine();
  look_at_tpm(options->target, machine);
  machine.earlier = options->earlier;
  machine.present = options->present;
  auto lines = doctor::examine(machine);
  redact(lines);
  return end_with({"doctor", options->output.outputs, exit_code(lines, machine.tpm)}, lines,
                  kFormats, console);
}

}  // namespace tpmprobe::cli
