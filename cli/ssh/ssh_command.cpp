// SPDX-License-Identifier: BSD-2-Clause
// `tpmprobe ssh`. run_ssh(), at the end, has the words read by parse() and says what it refuses on
// hardware; walk() has the ways walked (ssh_walk.h) beside a server of the TPM, under a supervisor;
// check_user_store() is --check-store, which needs neither.
#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <optional>

#include <fcntl.h>
#include <fmt/ostream.h>
#include <sys/file.h>
#include <unistd.h>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/run.h"
#include "cli/ssh/served_tpm.h"
#include "cli/ssh/ssh_walk.h"
#include "cli/ssh/supervised.h"
#include "cli/terminal/stop_signals.h"
#include "host/pkcs11/store.h"
#include "probes/catalogue.h"
#include "reports/json/json_report.h"
#include "tpm/posix/descriptor.h"
#include "walks/store_check.h"
#include "walks/text.h"

namespace tpmprobe::cli {
namespace {

constexpr std::array<Format<reports::Report>, 2> kFormats{{
    {{"text", ".txt"}, walks::write_walk_text},
    {{"json", ".json"},
     [](const auto& report, const auto&, std::ostream& out) { reports::write_json(report, out); }},
}};

/// The words as they are, before they are checked.
struct Words {
  TargetWords target;
  OutputWords output;
};

void declare(Arguments& arguments, Words& words, SshOptions& options) {
  declare_target(arguments, words.target);
  arguments.repeated("--only", options.only,
                     "Only this way and key (glob): pkcs11.ecc384, import.*, direct.rsa2048");
  arguments
      .flag("--fapi", options.fapi,
            "Check FAPI instead: which profile and which ek_cert_less work with this TPM")
      .excludes("--only");
  arguments
      .flag("--provision", options.provision,
            "With --fapi: allow a software TPM to be provisioned (0x81000001, lockout)")
      .needs("--fapi");
  arguments
      .flag("--check-store", options.check_store,
            "Only check: do the primary keys that the keys of your PKCS#11 store depend on exist?")
      .excludes("--only")
      .excludes("--fapi")
      .excludes("--emulated");
  arguments.flag("--hardware", options.hardware,
                 "Allow a real TPM: only transient objects, and no wrong PIN");
  declare_outputs(arguments, words.output, forms_of(kFormats));
  arguments.flag("-v,--verbose", options.verbose, "Print one line for each finished step");
  arguments.flag("-q,--quiet", options.quiet, "Do not show progress");
}

bool names_something(const std::string& glob) {
  const auto fits = [&](const ProbeId& way) { return probes::matches(glob, to_string(way)); };
  return std::ranges::any_of(walk_ways(), fits);
}

tl::expected<SshOptions, ExitCode> parse(const std::vector<std::string>& given, Console& console) {
  Arguments arguments("ssh",
                      "Walks the whole way of a user with throw-away keys: PKCS#11 token, agent, "
                      "login to a real sshd.");
  Words words;
  SshOptions options;
  declare(arguments, words, options);
  if (auto read = arguments.read(given, console); !read) return tl::unexpected(read.error());
  for (const auto& glob : options.only) {
    if (names_something(glob)) continue;
    return arguments.refuse(fmt::format("unknown way \"{}\"", glob), console);
  }
  auto target = read_target(words.target);
  if (!target) return arguments.refuse(target.error(), console);
  options.target = std::move(*target);
  auto output = read_outputs(words.output, forms_of(kFormats));
  if (!output) return arguments.refuse(output.error(), console);
  options.output = std::move(*output);
  return options;
}

Result no_store(std::string why, std::string advice) {
  Result result;
  result.id = {.family = Family::store, .step = "file"};
  result.title = "The tpm2-pkcs11 store can be read";
  result.expected = "a store with at least one primary";
  result.verdict = Verdict::blocked;
  result.actual = std::move(why);
  result.advice = std::move(advice);
  return result;
}

std::vector<Result> look_into_store(OwnSession& own) {
  const auto path = host::find_pkcs11_store(process_environment("TPM2_PKCS11_STORE"),
                                            host::home_of_user(process_environment("HOME")),
                                            [](const std::string& file) {
                                              std::error_code no_access;
                                              return std::filesystem::exists(file, no_access);
                                            });
  if (!path) {
    return {no_store("there is no store in ~/.tpm2_pkcs11 or /etc/tpm2_pkcs11",
                     "Say where it is: TPM2_PKCS11_STORE.")};
  }
  std::string error;
  const auto store = host::read_pkcs11_store(*path, error);
  if (!store) {
    return {no_store(*path + " cannot be read: " + error,
                     "Restore it from a copy, or say where the store is: TPM2_PKCS11_STORE.")};
  }
  if (store->primaries.empty()) {
    return {no_store(*path + " has no primary", "Create one: tpm2_ptool init.")};
  }
  return walks::check_store({own.session(), own.identity(), *store});
}

/// Holds the user's own store of tpm2-pkcs11 against the TPM, whose transport it uses up. Nothing
/// is written, no PIN is asked for; what is loaded is transient.
reports::Report check_user_store(Target target, const std::vector<std::string>& arguments) {
  const Beginning beginning;
  const auto& interrupted = catch_interrupts();
  auto facts = run_facts("ssh", arguments, beginning);
  if (target.emulated) facts.emulation = target.emulation;
  auto policy = tpm::default_policy();
  policy.da_protected_own = true;  // primaries as tpm2_ptool makes them lack noDA
  OwnSession own(std::move(target.transport), *target.clock, policy, interrupted, target.name);
  auto results = own.is_open() ? look_into_store(own) : std::vector<Result>{};
  return std::move(own).report(std::move(facts), std::move(results), beginning);
}

int refuse(Console& console, std::string_view why, int code) {
  return complain(console, "ssh", why, code);
}

/// What runs on a TPM in which somebody has keys has to be wanted.
bool is_hardware(const Target& target) {
  return !target.emulated && !target.name.starts_with("swtpm");
}

/// What a walk does to a TPM, for the person who owns it.
std::string notice(const SshOptions& options) {
  return options.fapi
             ? "throw-away FAPI configurations that only read from the TPM: nothing is "
               "provisioned, created or written"
             : "throw-away keys in a real TPM: transient objects and sessions only, under a "
               "transient parent; nothing persistent, no NV, no PCR, no wrong PIN; RSA keys can "
               "take "
               "minutes";
}

// sshd as root wants this folder, which an init script makes; where there is none it is ours, and
// goes when no other walk needs it.
class PrivilegeSeparationFolder {
 public:
  PrivilegeSeparationFolder() {
    if (::getuid() != 0) return;
    std::error_code ignored;
    made_ = std::filesystem::create_directory(kPath, ignored);
    folder_ = tpm::UniqueFd(::open(kPath, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder_) ::flock(folder_.get(), LOCK_SH);
  }
  void remove() const {
    if (made_ && folder_ && ::flock(folder_.get(), LOCK_EX | LOCK_NB) == 0) ::rmdir(kPath);
  }

 private:
  static constexpr const char* kPath = "/run/sshd";
  bool made_ = false;
  tpm::UniqueFd folder_;
};

int write(const reports::Report& report, const SshOptions& options, Console& console) {
  return end_with({"ssh", options.output.outputs, report.invocation.exit_code}, report, kFormats,
                  console);
}

/// Each wrong PIN brings a TPM nearer to lockout; the one inside tpmprobe has tries enough.
walks::WrongPins wrong_pins(const Target& target) {
  if (target.emulated) return walks::WrongPins::each;
  return is_hardware(target) ? walks::WrongPins::none : walks::WrongPins::once;
}

int walk(Target target, const SshOptions& options, const std::vector<std::string>& arguments,
         Console& console) {
  SshWalk walk{options,     arguments,          {},    target.emulation, target.emulated,
               target.name, wrong_pins(target), false, ::getpgrp(),      {}};
  walk.may_provision = options.fapi && (target.emulated || options.provision);
  std::unique_ptr<ServedTpm> served;
  std::optional<PrivilegeSeparationFolder> separation;
  const auto prepare = [&](const std::filesystem::path& folder) -> int {
    auto opened = ServedTpm::open(std::move(target), folder, walk.may_provision);
    if (!opened) return refuse(console, opened.error().message, kExitInternal);
    served = std::move(*opened);
    walk.folder = folder;
    walk.tcti = served->tcti();
    separation.emplace();
    return kExitOk;
  };
  return run_supervised({.prepare = prepare,
                         .work = [&] { return write(walk_ssh(walk, console), options, console); },
                         .serve = [&](std::span<const int> events) { served->serve(events); },
                         .settle =
                             [&] {
                               if (served) served->flush();
                               if (separation) separation->remove();
                             }});
}

}  // namespace

int run_ssh(const std::vector<std::string>& arguments, Console& console) {
  const auto options = parse(arguments, console);
  if (!options) return options.error();
  if (const auto opened = open_outputs(options->output, console); !opened) {
    return refuse(console, opened.error(), kExitUsage);
  }
  auto target = open_target(options->target, {process_environment});
  if (!target) return refuse(console, target.error().message, target.error().exit_code);
  if (options->check_store) {
    return write(check_user_store(std::move(*target), arguments), *options, console);
  }
  if (is_hardware(*target)) {
    if (options->provision) {
      return refuse(console,
                    "--provision works only on a software TPM: it changes the lockout parameters",
                    kExitUsage);
    }
    if (!options->hardware) {
      return refuse(
          console,
          fmt::format("this would create {}. Use --hardware to allow it", notice(*options)),
          kExitUsage);
    }
    if (!options->quiet) {
      fmt::print(console.err, "tpmprobe ssh: on {}: {}\n", target->name, notice(*options));
      console.err.flush();
    }
  }
  return walk(std::move(*target), *options, arguments, console);
}

}  // namespace tpmprobe::cli
