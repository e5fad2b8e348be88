// SPDX-License-Identifier: BSD-2-Clause
#include "cli/ssh_options.h"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/ostream.h>

#include "cli/emulation_choice.h"
#include "cli/ssh_walk.h"
#include "probes/catalogue.h"

namespace tpmprobe::cli {
namespace {

struct Words {
  EmulationWords emulation;
  std::vector<std::string> paths;
  std::string tcti, format, colour = "auto";
};

tl::unexpected<ExitCode> refuse(Console& console, std::string why) {
  std::ranges::replace(why, '\n', ' ');
  fmt::print(console.err, "tpmprobe ssh: {}\n", why);
  return tl::unexpected(kExitUsage);
}

void declare(CLI::App& app, Words& words, SshOptions& options) {
  auto* tcti = app.add_option("--tcti", words.tcti, "TPM to use, as tss2 writes it");
  app.add_flag("--emulated", options.target.emulated, "Use the TPM inside tpmprobe")
      ->excludes(tcti);
  declare_emulation(app, words.emulation);
  app.add_option("--only", options.only,
                 "Only this way and key (glob): pkcs11.ecc384, import.*, direct.rsa2048")
      ->allow_extra_args(false);
  app.add_flag("--fapi", options.fapi,
               "Walk FAPI's way instead: each profile from provisioning to a verified signature")
      ->excludes("--only");
  app.add_flag("--provision", options.provision,
               "With --fapi: allow a software TPM to be provisioned (0x81000001, lockout)")
      ->needs("--fapi");
  app.add_flag("--check-store", options.check_store,
               "Only look: do the primaries that the keys of your PKCS#11 store hang on exist?")
      ->excludes("--only", "--fapi");
  app.add_flag("--hardware", options.hardware,
               "Allow a real TPM: transient objects only, and no wrong PIN");
  app.add_option("--format", words.format, "text or json");
  app.add_option("-o,--output", words.paths, "File to write to (.txt or .json), may be repeated")
      ->allow_extra_args(false);
  app.add_option("--color", words.colour, "auto, always or never");
  app.add_flag("-v,--verbose", options.verbose, "One line for each step that has ended");
  app.add_flag("-q,--quiet", options.quiet, "No progress");
}

bool names_something(const std::string& glob) {
  const auto fits = [&](const std::string& id) { return probes::matches(glob, id); };
  return std::ranges::any_of(walk_ids(), fits);
}

}  // namespace

tl::expected<SshOptions, ExitCode> parse_ssh_options(const std::vector<std::string>& arguments,
                                                     Console& console) {
  CLI::App app(
      "Walks a user's whole way with throw-away keys: PKCS#11 token, agent, login to a real sshd.",
      "tpmprobe ssh");
  Words words;
  SshOptions options;
  declare(app, words, options);
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // as CLI11 wants it
    app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    console.out << app.help();
    return tl::unexpected(kExitOk);
  } catch (const CLI::ParseError& error) {
    return refuse(console, error.what());
  }
  if (app.count("--tcti") > 0) options.target.tcti = words.tcti;
  for (const auto& glob : options.only) {
    if (!names_something(glob)) return refuse(console, fmt::format("there is no way \"{}\"", glob));
  }
  if (words.emulation.any() && !options.target.emulated) {
    return refuse(console, "--firmware, --quirk and --latency need --emulated");
  }
  auto pretend = read_emulation(words.emulation);
  if (!pretend) return refuse(console, pretend.error());
  options.target.pretend = std::move(*pretend);
  const auto colour = parse_colour(words.colour);
  if (!colour) return refuse(console, "--color is auto, always or never");
  options.colour = *colour;
  const auto format = parse_format(words.format);
  if (!words.format.empty() && !format) return refuse(console, "--format is text or json");
  auto outputs = choose_outputs(words.paths, format);
  if (!outputs) return refuse(console, outputs.error());
  options.outputs = std::move(*outputs);
  return options;
}

}  // namespace tpmprobe::cli
