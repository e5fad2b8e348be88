// SPDX-License-Identifier: BSD-2-Clause
#include "cli/ssh/ssh_options.h"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/ssh/ssh_walk.h"
#include "probes/catalogue.h"

namespace tpmprobe::cli {
namespace {

void declare(CLI::App& app, CommonWords& words, SshOptions& options) {
  declare_target(app, words);
  app.add_option("--only", options.only,
                 "Only this way and key (glob): pkcs11.ecc384, import.*, direct.rsa2048")
      ->allow_extra_args(false);
  app.add_flag("--fapi", options.fapi,
               "Look at FAPI instead: which profile and which ek_cert_less fit this TPM")
      ->excludes("--only");
  app.add_flag("--provision", options.provision,
               "With --fapi: allow a software TPM to be provisioned (0x81000001, lockout)")
      ->needs("--fapi");
  app.add_flag("--check-store", options.check_store,
               "Only look: do the primaries that the keys of your PKCS#11 store hang on exist?")
      ->excludes("--only", "--fapi", "--emulated");
  app.add_flag("--hardware", options.hardware,
               "Allow a real TPM: transient objects only, and no wrong PIN");
  declare_outputs(app, words);
  app.add_flag("-v,--verbose", options.verbose, "One line for each step that has ended");
  app.add_flag("-q,--quiet", options.quiet, "No progress");
}

bool names_something(const std::string& glob) {
  const auto fits = [&](const ProbeId& way) { return probes::matches(glob, to_string(way)); };
  return std::ranges::any_of(walk_ways(), fits);
}

}  // namespace

tl::expected<SshOptions, ExitCode> parse_ssh_options(const std::vector<std::string>& arguments,
                                                     Console& console) {
  CLI::App app(
      "Walks a user's whole way with throw-away keys: PKCS#11 token, agent, login to a real sshd.",
      "tpmprobe ssh");
  CommonWords words;
  SshOptions options;
  declare(app, words, options);
  if (auto read = parse_words(app, arguments, console); !read) return tl::unexpected(read.error());
  for (const auto& glob : options.only) {
    if (names_something(glob)) continue;
    return refuse_words(app, fmt::format("there is no way \"{}\"", glob), console);
  }
  auto common = read_common(app, words);
  if (!common) return refuse_words(app, common.error(), console);
  static_cast<CommonOptions&>(options) = std::move(*common);
  return options;
}

}  // namespace tpmprobe::cli
