// SPDX-License-Identifier: BSD-2-Clause
#include "cli/ssh_walk.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <unistd.h>

#include "cli/interrupt.h"
#include "cli/run_facts.h"
#include "cli/served_tpm.h"
#include "cli/ticker.h"
#include "cli/watcher.h"
#include "knowledge/algorithm_ids.h"
#include "probes/fapi/walk.h"
#include "probes/ssh/way/direct_way.h"
#include "probes/ssh/way/pkcs11_way.h"
#include "probes/ssh/way/programs.h"
#include "reports/assemble.h"
#include "reports/summary.h"
#include "tpm/stack.h"
#include "tpm/transport/open.h"

namespace tpmprobe::cli {
namespace {

/// No probe of the catalogue runs here.
class Silent final : public probes::Observer {
 public:
  void opened(const probes::Identity&) override {}
  void starting(int, int, const probes::Probe&, bool) override {}
  void finished(const probes::Result&) override {}
};

/// Our own conversation with the TPM, through the server like everybody's.
struct OwnSession {
  tpm::SystemClock clock;
  tpm::Recorder recorder;
  tpm::Guard* guard = nullptr;
  std::optional<tpm::Session> session;
};

Expected<void> open_session(OwnSession& own, const std::string& tcti,
                            const std::atomic<bool>& interrupted) {
  auto opened = tpm::open_transport(tcti, own.clock);
  if (!opened) return tl::unexpected(opened.error());
  auto stack = tpm::make_stack(std::move(opened->transport), own.recorder, own.clock,
                               tpm::default_policy(), &interrupted);
  own.guard = stack.guard;
  auto session = tpm::Session::open(std::move(stack.top));
  if (!session) return tl::unexpected(session.error());
  own.session.emplace(std::move(*session));
  return {};
}

bool is_wanted(const std::vector<std::string>& only, const std::string& id) {
  return only.empty() ||
         std::ranges::any_of(only, [&](const auto& glob) { return probes::matches(glob, id); });
}

int count_of_ways(const std::vector<std::string>& only) {
  const auto direct = std::ranges::count_if(probes::direct_rows(), [&](const auto& row) {
    return is_wanted(only, fmt::format("direct.{}", row.id));
  });
  const auto others = std::ranges::count_if(
      probes::pkcs11_rows(), [&](const auto& row) { return is_wanted(only, probes::id_of(row)); });
  return static_cast<int>(direct + others);
}

probes::Result not_opened(const Error& error) {
  probes::Result result;
  result.id = "session.open";
  result.title = "The TPM answers";
  result.actual = error.message;
  return result;
}

/// Everything that needs sshd, in the order of what stands on what.
void walk_ways(const SshWalk& walk, OwnSession& own, const probes::RunOutput& opened,
               probes::WayBench& bench) {
  const auto wanted = [&](const std::string& id) { return is_wanted(walk.options.only, id); };
  const auto missing = probes::missing_program(probes::login_programs());
  auto server = missing ? tl::unexpected(Error{Error::Kind::io, 0, 0, *missing})
                        : probes::LoginServer::start(walk.folder);
  if (!server) {
    probes::WayStep step(bench, "ssh.server", "A private sshd on loopback", "sshd runs");
    step.block(server.error().message);
    step.finish();
    return;
  }
  const tpm::CapabilityReading reading{*opened.capabilities, {}};
  probes::KeyStore::Options keys_options;
  keys_options.has_p256 = opened.capabilities->has_curve(knowledge::curve::kNistP256);
  probes::KeyStore keys(*own.session, own.recorder, keys_options);
  const std::string openssh;
  probes::Workbench workbench{*own.session, own.recorder, reading, opened.identity, keys, openssh};
  walk_direct(bench, workbench, *server, wanted);
  walk_pkcs11(bench, *server, wanted, walk.wrong_pin);
}

}  // namespace

reports::Report walk_ssh(const SshWalk& walk, Console& console) {
  const Beginning beginning;
  const auto& interrupted = catch_interrupts();
  OwnSession own;
  auto report = new_report("ssh", walk.arguments, beginning);
  if (walk.emulated) report.emulation = walk.emulation;
  if (auto opened = open_session(own, walk.tcti, interrupted); !opened) {
    report.results.push_back({not_opened(opened.error()), {}, {}});
    report.invocation.exit_code = kExitNoTpm;
    return report;
  }
  Silent silent;
  auto opened = probes::run({*own.session,
                             *own.guard,
                             own.recorder,
                             own.clock,
                             walk.emulated ? "embedded" : "server",
                             {},
                             {},
                             false,
                             &interrupted},
                            silent);
  std::vector<probes::Result> results;
  if (opened.unreachable || !opened.capabilities) {
    results = std::move(opened.results);
  } else {
    Progress progress(console.err,
                      {console.err_is_terminal && !walk.options.quiet, walk.options.verbose,
                       console.err_style.unicode, console.err_style.width},
                      own.clock, [&] { return ::tcgetpgrp(STDERR_FILENO) == walk.process_group; });
    const int total = count_of_ways(walk.options.only);
    int number = 0;
    std::string way;
    probes::WayBench bench{walk.folder,
                           walk.tcti,
                           ServedTpm::journal(walk.folder),
                           *opened.capabilities,
                           interrupted,
                           [&](const std::string& id) {
                             const auto present = id.substr(0, id.rfind('.'));
                             number += present == way ? 0 : 1;
                             way = present;
                             progress.started(number, total, id);
                           },
                           [&](const probes::Result& result) {
                             progress.finished(result.verdict, result.duration_ms);
                           },
                           {}};
    if (walk.options.fapi) {
      walk_fapi(bench, probes::fapi_profile_folder(), walk.emulated);
    } else {
      walk_ways(walk, own, opened, bench);
    }
    results = std::move(bench.results);
  }
  report.tpm = std::move(opened.identity);
  report.capabilities = std::move(opened.capabilities);
  for (auto& result : results) report.results.push_back({std::move(result), {}, {}});
  reports::complete_walk(report);
  report.invocation.exit_code =
      opened.unreachable ? kExitNoTpm : reports::exit_code(report, interrupted);
  finish_report(report, beginning);
  return report;
}

}  // namespace tpmprobe::cli
