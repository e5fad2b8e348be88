// SPDX-License-Identifier: BSD-2-Clause
#include "cli/commands.h"

#include <array>
#include <ostream>

#include "reports/json/json_report.h"

namespace tpmprobe::cli {
namespace {

constexpr std::array kCommands{
    Command{"report", "what this TPM supports, tried from key generation to ssh", run_report},
    Command{"explain", "what an error code means, and what to do", run_explain},
    Command{"emulator", "a TPM for other programs, with the firmware and defects you choose",
            run_emulator},
    Command{"doctor", "what is wrong around the TPM: permissions, services, settings, lockout",
            run_doctor},
    Command{"ssh", "the whole way to an ssh login with throw-away keys: PKCS#11, agent, sshd",
            run_ssh},
    Command{"schema", "the JSON schema of reports", run_schema},
};

}  // namespace

std::span<const Command> commands() {
  return kCommands;
}

int run_schema(const std::vector<std::string>& arguments, Console& console) {
  if (!arguments.empty()) {
    console.err << "tpmprobe schema: takes no arguments; it prints the JSON schema of reports\n";
    return arguments.front() == "--help" ? kExitOk : kExitUsage;
  }
  console.out << reports::report_schema();
  return kExitOk;
}

}  // namespace tpmprobe::cli
