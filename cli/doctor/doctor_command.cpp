// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>

#include <fmt/ostream.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/doctor/doctor_options.h"
#include "cli/run_facts.h"
#include "cli/version.h"
#include "doctor/checks.h"
#include "doctor/read_tpm_facts.h"
#include "doctor/report.h"
#include "tpm/stack.h"

namespace tpmprobe::cli {
namespace {

using doctor::Health;

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
  const auto options = parse_doctor_options(arguments, console);
  if (!options) return options.error();
  console.out_style = style_for(stream_facts(STDOUT_FILENO), process_environment, options->colour);
  auto written = check_writable(options->outputs);
  auto machine = doctor::this_machine();
  doctor::Diagnoses lines;
  if (written) {
    look_at_tpm(options->target, machine);
    machine.earlier = options->earlier;
    machine.present = options->present;
    lines = doctor::examine(machine);
    redact(lines);
    written = write_outputs(
        options->outputs,
        [&](Format format, const text::TextStyle& style, std::ostream& out) {
          format == Format::json ? doctor::write_doctor_json(lines, std::string(kVersion), out)
                                 : doctor::write_doctor_text(lines, style, out);
        },
        console);
  }
  if (written) return exit_code(lines, machine.tpm);
  fmt::print(console.err, "tpmprobe doctor: {}\n", written.error());
  return kExitUsage;
}

}  // namespace tpmprobe::cli
