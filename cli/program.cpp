// SPDX-License-Identifier: BSD-2-Clause
#include "cli/program.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <iostream>
#include <utility>

#include <fcntl.h>
#include <fmt/ostream.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "cli/version.h"

namespace tpmprobe::cli {
namespace {

// Whoever closed one of them must not get the TPM's octets on it; and as nothing can be written to
// what is open for reading, a report does not vanish without a word.
void open_standard_descriptors() {
  int descriptor = open("/dev/null", O_RDONLY);
  while (descriptor >= 0 && descriptor <= STDERR_FILENO) descriptor = open("/dev/null", O_RDONLY);
  if (descriptor > STDERR_FILENO) close(descriptor);
}

void print_overview(std::ostream& out) {
  fmt::print(out,
             "tpmprobe tells what a TPM 2.0 really does before you trust a key to it.\n\n"
             "Usage: tpmprobe COMMAND [OPTION…]   (tpmprobe COMMAND --help tells more)\n\n");
  for (const Command& command : commands()) {
    fmt::print(out, "  {:<10}{}\n", command.name, command.summary);
  }
  fmt::print(out,
             "\nTry:  tpmprobe report --emulated          every probe, on the TPM inside tpmprobe\n"
             "      tpmprobe report                     the same on this machine's TPM\n"
             "      tpmprobe explain 0x1d5              what an error code means\n");
}

// Levenshtein distance: how many letters must change.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, changed}));
    }
  }
  return row.back();
}

int refuse_unknown(const std::string& word, Console& console) {
  constexpr std::size_t kNear = 3;
  const Command* nearest = nullptr;
  std::size_t least = kNear;
  for (const Command& command : commands()) {
    const auto far = distance(word, command.name);
    if (far < least) {
      least = far;
      nearest = &command;
    }
  }
  fmt::print(console.err, "tpmprobe: there is no command \"{}\"{}\n", word,
             nearest != nullptr ? fmt::format("; did you mean \"{}\"?", nearest->name)
                                : "; tpmprobe --help lists them");
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
  for (const Command& command : commands()) {
    if (command.name == word) return command.run({words.begin() + 1, words.end()}, console);
  }
  return refuse_unknown(word, console);
}

int run_program(int argc, char** argv) {
  open_standard_descriptors();
  // A reader that went away must not kill a run that has keys in the TPM.
  std::signal(SIGPIPE, SIG_IGN);
  Console console = make_console(std::cin, std::cout, std::cerr, ColourChoice::automatic);
  try {
    return flushed(run_words({argv + 1, argv + argc}, console), console);
  } catch (const std::exception& error) {
    fmt::print(console.err, "tpmprobe: internal error: {}\n", error.what());
    return kExitInternal;
  }
}

}  // namespace tpmprobe::cli
