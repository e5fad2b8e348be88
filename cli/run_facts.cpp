// SPDX-License-Identifier: BSD-2-Clause
#include "cli/run_facts.h"

#include <array>

#include <fmt/chrono.h>
#include <pwd.h>
#include <unistd.h>

#include "cli/terminal/terminal.h"
#include "cli/version.h"
#include "host/host_facts.h"
#include "tpm/clock.h"

namespace tpmprobe::cli {
namespace {

reports::Host host() {
  auto facts = host::read_host_facts();
  return {std::move(facts.kernel), std::move(facts.distribution), std::move(facts.architecture),
          std::move(facts.packages)};
}

}  // namespace

reports::Secrets secrets() {
  reports::Secrets secrets;
  if (const auto home = process_environment("HOME")) secrets.home = *home;
  if (const passwd* user = getpwuid(getuid())) {
    secrets.user = user->pw_name;
    if (secrets.home.empty()) secrets.home = user->pw_dir;
  }
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) == 0) secrets.host = name.data();
  return secrets;
}

reports::RunFacts run_facts(const std::string& command, const std::vector<std::string>& arguments,
                            const Beginning& beginning) {
  reports::RunFacts facts;
  facts.tool_version = kVersion;
  facts.invocation.argv = {"tpmprobe", command};
  facts.invocation.argv.insert(facts.invocation.argv.end(), arguments.begin(), arguments.end());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(beginning.wall);
  facts.invocation.started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(seconds));
  facts.host = host();
  return facts;
}

reports::Report finished(reports::Report report, int exit_code, const Beginning& beginning) {
  report = redacted(std::move(report), secrets());
  report.invocation.exit_code = exit_code;
  report.invocation.duration_ms =
      tpm::milliseconds(std::chrono::steady_clock::now() - beginning.steady);
  return report;
}

}  // namespace tpmprobe::cli
