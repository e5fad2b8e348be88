// SPDX-License-Identifier: BSD-2-Clause
// `tpmprobe emulator`. parse_emulator_options() reads its words; run_emulator(), at the end, opens
// the engine (emulator_engine.h) and has it served: serve() on pipes, serve_sockets() in a private
// folder until it is stopped or the user's own command (start_command) ends.
#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fstream>

#include <fmt/ostream.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/emulator/client_environment.h"
#include "cli/emulator/emulator_engine.h"
#include "cli/terminal/stop_signals.h"
#include "emulator/server/server.h"
#include "tpm/posix/descriptor.h"
#include "tpm/posix/process.h"
#include "tpm/posix/supervisor.h"

namespace tpmprobe::cli {
namespace {

constexpr int kExitNoCommand = 127;  // as a shell says that there is no such program

using emulator::Client;
using emulator::Listener;
using emulator::Server;

int complain(Console& console, std::string_view why, int code) {
  return cli::complain(console, "emulator", why, code);
}

using Parsed = tl::expected<EmulatorOptions, ExitCode>;

/// The words as they are, before they are checked.
struct Words {
  EmulationWords emulation;
  std::string backend = "libtpms";
};

void declare_engine(Arguments& arguments, Words& words, EmulatorOptions& options) {
  arguments
      .option("--backend", words.backend,
              "The TPM behind it: libtpms (in this process) or swtpm (a child process)")
      .one_of({"libtpms", "swtpm"});
  arguments
      .option("--tcti", options.tcti,
              "Use this TPM instead, in the notation of tss2; commands that change more than "
              "transient objects and sessions are refused")
      .excludes("--backend");
  arguments.option("--state", options.state, "Folder that keeps the TPM's memory between runs")
      .excludes("--tcti");
}

void declare_doors(Arguments& arguments, EmulatorOptions& options) {
  constexpr std::uint16_t kLast = 65534;
  arguments
      .option("--tcp", options.port,
              "Serve at this port of 127.0.0.1, with the control channel at the next port")
      .between(1, kLast);
  arguments
      .option("--socket", options.socket,
              "Serve at this UNIX socket, with the control channel at PATH.ctrl")
      .excludes("--tcp");
  arguments
      .flag("--pipe", options.pipe,
            "Serve one client on standard input and output: TPM2TOOLS_TCTI=\"cmd:tpmprobe "
            "emulator --pipe\"")
      .excludes("--tcp")
      .excludes("--socket");
  arguments.option("--trace", options.trace, "File to write one line to for each command");
  arguments.flag("--list", options.list, "List firmware and quirks, and exit");
}

Parsed checked(const Arguments& arguments, const Words& words, EmulatorOptions options,
               Console& console) {
  options.swtpm = words.backend == "swtpm";
  if (options.tcti && options.tcti->empty()) return arguments.refuse("--tcti is empty", console);
  if (options.swtpm && options.state)
    return arguments.refuse("--state needs --backend libtpms", console);
  if (options.pipe && !options.command.empty()) {
    return arguments.refuse("--pipe cannot be combined with a command", console);
  }
  auto emulation = read_emulation(words.emulation);
  if (!emulation) return arguments.refuse(emulation.error(), console);
  options.emulation = std::move(*emulation);
  return options;
}

/// Opens both channels and says how the clients reach them.
Expected<std::string> open_doors(Server& server, const EmulatorOptions& options,
                                 const std::filesystem::path& folder) {
  const std::string path = std::filesystem::absolute(options.socket.value_or(folder / "tpm"));
  const auto port = options.port.value_or(0);
  auto commands = options.port ? Listener::at_port(port) : Listener::at_path(path);
  if (!commands) return tl::unexpected(commands.error());
  auto control = options.port ? Listener::at_port(static_cast<std::uint16_t>(port + 1))
                              : Listener::at_path(path + ".ctrl");
  if (!control) return tl::unexpected(control.error());
  server.listen(Client::Channel::commands, std::move(*commands));
  server.listen(Client::Channel::control, std::move(*control));
  return options.port ? fmt::format("swtpm:host=127.0.0.1,port={}", port) : "swtpm:path=" + path;
}

emulator::ServerHooks hooks(EmulatorEngine& engine, Console& console) {
  return {.set_locality = [&](std::uint8_t locality) { return engine.set_locality(locality); },
          .executed =
              [&] {
                if (const auto why = engine.save_if_changed()) complain(console, *why, 0);
              },
          .failed = [&](const Error& error) { complain(console, error.message, 0); }};
}

int serve_until_stopped(Server& server, const Variables& variables, const StopSignals& signals,
                        Console& console) {
  for (const auto& variable : variables) console.out << export_line(variable) << '\n';
  console.out.flush();
  server.run(std::array{signals.fd()});
  return kExitOk;
}

/// The signals as a new program expects them: we ignore SIGPIPE, and block what stops us.
int spawn(pid_t& pid, char* const* argv, char* const* environment, const sigset_t& mask) {
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setsigmask(&attributes, &mask);
  const int error = posix_spawnp(&pid, argv[0], nullptr, &attributes, argv, environment);
  posix_spawnattr_destroy(&attributes);
  return error;
}

/// Starts the user's own command, which runs in our place: in our terminal, process group and
/// directory. Unlike every other process of ours it does not end with us, so it is not a
/// tpm::Child.
Expected<pid_t> start_command(std::vector<std::string> argv, const Variables& variables,
                              const sigset_t& mask) {
  auto environment = tpm::environment_with({variables.begin(), variables.end()});
  pid_t pid = 0;
  const int error =
      spawn(pid, tpm::pointers_to(argv).data(), tpm::pointers_to(environment).data(), mask);
  if (error != 0) return tpm::os_failure(fmt::format("cannot run {}", argv.front()), error);
  return pid;
}

/// Waits for its end. As a shell says it: its exit code, or 128 and the signal's number.
int exit_code_of(pid_t command) {
  constexpr int kSignalBase = 128;
  int raw = 0;
  while (::waitpid(command, &raw, 0) < 0 && errno == EINTR) continue;
  return WIFSIGNALED(raw) ? kSignalBase + WTERMSIG(raw) : WEXITSTATUS(raw);
}

/// A signal of the terminal is the command's own affair; one that was sent to us is passed on.
int serve_command(Server& server, const EmulatorOptions& options, const Variables& variables,
                  const StopSignals& signals, Console& console) {
  const auto command = start_command(options.command, variables, signals.mask_before());
  if (!command) return complain(console, command.error().message, kExitNoCommand);
  const auto ended = tpm::watch_process(*command);
  while (server.run(std::array{ended.get(), signals.fd()}) == 1) {
    const auto signal = signals.take();
    if (signal.number != 0 && !signal.from_terminal) ::kill(*command, signal.number);
  }
  return exit_code_of(*command);
}

int serve_sockets(Server& server, const EmulatorOptions& options, const StopSignals& signals,
                  Console& console) {
  const auto supervisor = tpm::Supervisor::start();  // removes the folder, whatever ends us
  if (!supervisor) return complain(console, supervisor.error().message, kExitInternal);
  const auto& folder = supervisor->folder();
  const auto tcti = open_doors(server, options, folder);
  if (!tcti) return complain(console, tcti.error().message, kExitUsage);
  const auto home = options.state ? std::filesystem::absolute(*options.state) : folder;
  const auto variables = client_environment(*tcti, home / "fapi");
  if (!variables) return complain(console, variables.error(), kExitUsage);
  return options.command.empty() ? serve_until_stopped(server, *variables, signals, console)
                                 : serve_command(server, options, *variables, signals, console);
}

int serve(EmulatorEngine& engine, const EmulatorOptions& options, const StopSignals& signals,
          Console& console) {
  Server server(engine.top(), engine.clock(), hooks(engine, console));
  if (!options.pipe) return serve_sockets(server, options, signals, console);
  server.add_client(STDIN_FILENO, STDOUT_FILENO);
  server.run(std::array{signals.fd()});
  return kExitOk;
}

void tell_missing(const EmulatorOptions& options, const EmulatorEngine& engine, Console& console) {
  if (engine.missing().empty()) return;
  const auto name = describe(options.emulation).firmware.value_or("TPM");
  complain(console,
           fmt::format("emulating {}; this engine cannot imitate: {}", name,
                       fmt::join(engine.missing(), ", ")),
           0);
}

}  // namespace

Parsed parse_emulator_options(const std::vector<std::string>& given, Console& console) {
  Arguments arguments("emulator",
                      "Serves a TPM to other programs: runs COMMAND with it, or prints how to "
                      "reach it and serves until it is stopped.");
  arguments.footer("-- COMMAND...  Run this with the variables set, and exit with its exit status");
  Words words;
  EmulatorOptions options;
  declare_emulation(arguments, words.emulation);
  declare_engine(arguments, words, options);
  declare_doors(arguments, options);
  const auto end = std::ranges::find(given, "--");
  if (auto read = arguments.read({given.begin(), end}, console); !read) {
    return tl::unexpected(read.error());
  }
  if (end != given.end()) {
    options.command.assign(end + 1, given.end());
    if (options.command.empty()) return arguments.refuse("there is no command after --", console);
  }
  return checked(arguments, words, std::move(options), console);
}

int run_emulator(const std::vector<std::string>& arguments, Console& console) {
  const auto options = parse_emulator_options(arguments, console);
  if (!options) return options.error();
  if (options->list) {
    print_emulations(console.out);
    return kExitOk;
  }
  std::ofstream trace;
  std::function<void(const std::string&)> sink;
  if (options->trace) {
    trace.open(*options->trace);
    if (!trace) return complain(console, *options->trace + ": cannot be written", kExitUsage);
    sink = [&trace](const std::string& line) { trace << line << '\n' << std::flush; };
  }
  const StopSignals signals;
  auto engine = EmulatorEngine::open(*options, sink);
  if (!engine) return complain(console, engine.error().message, engine.error().exit_code);
  tell_missing(*options, **engine, console);
  const int code = serve(**engine, *options, signals, console);
  if (const auto why = (*engine)->finish()) return complain(console, *why, kExitInternal);
  return code;
}

}  // namespace tpmprobe::cli
