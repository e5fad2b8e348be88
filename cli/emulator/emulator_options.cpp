// SPDX-License-Identifier: BSD-2-Clause
#include "cli/emulator/emulator_options.h"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/ostream.h>

namespace tpmprobe::cli {
namespace {

using Parsed = tl::expected<EmulatorOptions, ExitCode>;

/// The words as they are, before they are checked.
struct Words {
  EmulationWords emulation;
  std::string backend = "libtpms";
};

tl::unexpected<ExitCode> refuse(Console& console, std::string why) {
  std::ranges::replace(why, '\n', ' ');
  fmt::print(console.err, "tpmprobe emulator: {}\n", why);
  return tl::unexpected(kExitUsage);
}

void declare_engine(CLI::App& app, Words& words, EmulatorOptions& options) {
  auto* backend = app.add_option("--backend", words.backend,
                                 "The TPM behind it: libtpms (in this process) or swtpm (a child)")
                      ->check(CLI::IsMember({"libtpms", "swtpm"}));
  auto* tcti = app.add_option("--tcti", options.tcti,
                              "Any other TPM, as tss2 writes it; nothing passes that changes more "
                              "than transient objects and sessions")
                   ->excludes(backend);
  app.add_option("--state", options.state, "Folder in which the TPM's memory survives")
      ->excludes(tcti);
}

void declare_doors(CLI::App& app, EmulatorOptions& options) {
  constexpr std::uint16_t kLast = 65534;
  auto* port =
      app.add_option("--tcp", options.port,
                     "Serve at this port of 127.0.0.1, and the control channel at the next")
          ->check(CLI::Range(std::uint16_t{1}, kLast));
  auto* socket = app.add_option("--socket", options.socket,
                                "Serve at this UNIX socket, and the control channel at PATH.ctrl")
                     ->excludes(port);
  app.add_flag("--pipe", options.pipe,
               "Serve one client on standard input and output: TPM2TOOLS_TCTI=\"cmd:tpmprobe "
               "emulator --pipe\"")
      ->excludes(port)
      ->excludes(socket);
  app.add_option("--trace", options.trace, "File that gets a line for each command");
  app.add_flag("--list", options.list, "List firmware and quirks, and end");
}

Parsed checked(const Words& words, EmulatorOptions options, Console& console) {
  options.swtpm = words.backend == "swtpm";
  if (options.tcti && options.tcti->empty()) return refuse(console, "--tcti is empty");
  if (options.swtpm && options.state) return refuse(console, "--state needs --backend libtpms");
  if (options.pipe && !options.command.empty()) {
    return refuse(console, "--pipe and a command do not go together");
  }
  auto emulation = read_emulation(words.emulation);
  if (!emulation) return refuse(console, emulation.error());
  options.emulation = std::move(*emulation);
  return options;
}

}  // namespace

Parsed parse_emulator_options(const std::vector<std::string>& arguments, Console& console) {
  CLI::App app(
      "Serves a TPM to other programs: runs COMMAND with it, or says how to reach it and serves "
      "until it is stopped.",
      "tpmprobe emulator");
  app.footer("-- COMMAND...  Run this with the variables set; its exit status is ours");
  Words words;
  EmulatorOptions options;
  declare_emulation(app, words.emulation);
  declare_engine(app, words, options);
  declare_doors(app, options);
  const auto end = std::ranges::find(arguments, "--");
  try {
    std::vector<std::string> reversed(std::make_reverse_iterator(end), arguments.rend());
    app.parse(reversed);  // CLI11 takes them from the end
  } catch (const CLI::CallForHelp&) {
    console.out << app.help();
    return tl::unexpected(kExitOk);
  } catch (const CLI::ParseError& error) {
    return refuse(console, error.what());
  }
  if (end != arguments.end()) {
    options.command.assign(end + 1, arguments.end());
    if (options.command.empty()) return refuse(console, "there is no command after --");
  }
  return checked(words, std::move(options), console);
}

}  // namespace tpmprobe::cli
