// SPDX-License-Identifier: BSD-2-Clause
// The program: kCommands is what it can do, run_program() what main calls, run_words() what the
// first word decides.
#include "cli/program.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <iostream>

#include <fcntl.h>
#include <fmt/ostream.h>
#include <unistd.h>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/terminal/terminal.h"
#include "tpm/posix/private_directory.h"

namespace tpmprobe::cli {
namespace {

constexpr std::array kCommands{
    Command{"report", "what this TPM really supports, tested from key generation to ssh",
            run_report},
    Command{"explain", "what an error code means and what to do about it", run_explain},
    Command{"emulator", "a TPM for other programs, with the firmware and defects that you choose",
            run_emulator},
    Command{"doctor", "what is wrong around the TPM: permissions, services, settings, lockout",
            run_doctor},
    Command{"ssh", "the whole way to an ssh login with throw-away keys: PKCS#11, agent, sshd",
            run_ssh},
    Command{"schema", "the JSON schema of reports", run_schema},
};

// Whoever closed one of them must not get the TPM's octets on it; and as nothing can be written to
// what is open for reading, a report does not vanish without a word.
void open_standard_descriptors() {
  int descriptor = open("/dev/null", O_RDONLY);
  while (descriptor >= 0 && descriptor <= STDERR_FILENO) descriptor = open("/dev/null", O_RDONLY);
  if (descriptor > STDERR_FILENO) close(descriptor);
}

void print_overview(std::ostream& out) {
  fmt::print(out,
             "tpmprobe shows what a TPM 2.0 really does before you trust it with a key.\n\nUsage: "
             "tpmprobe COMMAND [OPTION…]   (see tpmprobe COMMAND --help)\n\n");
  for (const Command& command : kCommands) {
    fmt::print(out, "  {:<10}{}\n", command.name, command.summary);
  }
  fmt::print(out,
             "\nTry:  tpmprobe report --emulated          all probes, on the TPM inside tpmprobe\n "
             "     tpmprobe report                     the same on this machine's TPM\n      "
             "tpmprobe explain 0x1d5              what an error code means\n");
}

int refuse_unknown(const std::string& word, Console& console) {
  std::vector<std::string_view> names;
  for (const Command& command : kCommands) names.push_back(command.name);
  const auto near = near_words(word, names, 1);
  fmt::print(console.err, "tpmprobe: unknown command \"{}\"{}\n", word,
             near.empty() ? "; tpmprobe --help lists them"
                          : fmt::format("; did you mean \"{}\"?", near.front()));
  return kExitUsage;
}

// What a command could not say it has not done. One that failed has said why itself.
int flushed(int code, Console& console) {
  errno = 0;
  console.out.flush();
  if (console.out || (code != kExitOk && code != kExitFindings)) return code;
  fmt::print(console.err, "tpmprobe: cannot write standard output: {}\n",
             errno == 0 ? "write error" : std::strerror(errno));
  return kExitUsage;
}

}  // namespace

int run_words(const std::vector<std::string>& words, Console& console) {
  if (words.empty()) {
    print_overview(console.err);
    return kExitUsage;
  }
  const std::string& word = words.front();
  if (word == "--help" || word == "-h" || word == "help") {
    print_overview(console.out);
    return kExitOk;
  }
  if (word == "--version") {
    fmt::print(console.out, "tpmprobe {}\n", kVersion);
    return kExitOk;
  }
  for (const Command& command : kCommands) {
    if (command.name == word) return command.run({words.begin() + 1, words.end()}, console);
  }
  return refuse_unknown(word, console);
}

int run_program(int argc, char** argv) {
  open_standard_descriptors();
  // A reader that went away must not kill a run that has keys in the TPM.
  std::signal(SIGPIPE, SIG_IGN);
  tpm::PrivateDirectory::remove_abandoned();
  Console console = make_console(std::cin, std::cout, std::cerr, ColourChoice::automatic);
  try {
    return flushed(run_words({argv + 1, argv + argc}, console), console);
  } catch (const std::exception& error) {
    fmt::print(console.err, "tpmprobe: internal error: {}\n", error.what());
    return kExitInternal;
  }
}

}  // namespace tpmprobe::cli
