// SPDX-License-Identifier: BSD-2-Clause
// The ways of `tpmprobe ssh`, walked by the worker of run_supervised(): walk_ssh(), at the end,
// opens the TPM through the server; walk_all() walks FAPI or, by walk_ways(), all that needs an
// sshd.
#include "cli/ssh/ssh_walk.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <unistd.h>

#include "cli/emulator/client_environment.h"
#include "cli/run.h"
#include "cli/ssh/served_tpm.h"
#include "cli/terminal/progress.h"
#include "cli/terminal/stop_signals.h"
#include "knowledge/algorithm_ids.h"
#include "reports/assemble.h"
#include "tpm/transport/open.h"
#include "walks/fapi/walk.h"
#include "walks/ssh/direct_way.h"
#include "walks/ssh/walk_bench.h"

namespace tpmprobe::cli {
namespace {

bool is_wanted(const std::vector<std::string>& only, const ProbeId& way) {
  const auto fits = [&](const auto& glob) { return probes::matches(glob, to_string(way)); };
  return only.empty() || std::ranges::any_of(only, fits);
}

/// How many ways there are to go.
int count_of_ways(const SshWalk& walk, const std::filesystem::path& profiles) {
  if (walk.options.fapi) {
    return static_cast<int>(host::fapi_profiles(profiles).size()) + 2;  // those of all profiles
  }
  return static_cast<int>(std::ranges::count_if(
      walk_ways(), [&](const ProbeId& way) { return is_wanted(walk.options.only, way); }));
}

/// None where the next wrong try would be the last.
walks::WrongPins wrong_pins(const SshWalk& walk, const Identity& identity) {
  const auto& lockout = identity.lockout;
  const bool spare = !lockout || lockout->max_tries > lockout->counter + 1;
  return walk.emulated || spare ? walk.wrong_pins : walks::WrongPins::none;
}

/// Everything that needs sshd, in the order of what stands on what.
void walk_ways(const SshWalk& walk, OwnSession& own, walks::WayBench& bench) {
  const walks::Wanted wanted = [&](const ProbeId& way) {
    return is_wanted(walk.options.only, way);
  };
  const auto missing = walks::missing_program(walks::login_programs());
  auto server = missing ? tl::unexpected(Error{Error::Kind::io, 0, 0, *missing})
                        : walks::LoginServer::start(walk.folder);
  if (!server) {
    walks::WayStep step(bench, {.family = Family::ssh, .step = "server"},
                        "A private sshd on loopback", "sshd is running");
    step.block(server.error().message);
    step.finish();
    return;
  }
  const tpm::CapabilityReading reading{own.capabilities(), {}};
  probes::KeyStore::Options keys_options;
  keys_options.has_p256 = own.capabilities().has_curve(knowledge::curve::kNistP256);
  probes::KeyStore keys(own.session(), own.recorder(), keys_options);
  const std::string openssh;
  probes::Workbench workbench{own.session(),  own.recorder(), reading,
                              own.identity(), keys,           openssh};
  walk_direct(bench, workbench, *server, wanted);
  walks::walk_pkcs11({bench, *server, wanted, wrong_pins(walk, own.identity())});
}

/// Tells a person how far it is.
class WalkProgress {
 public:
  WalkProgress(const SshWalk& walk, Console& console, const tpm::Clock& clock, int total)
      : progress_(console.err,
                  {console.err_is_terminal && !walk.options.quiet, walk.options.verbose,
                   console.err_style.unicode, console.err_style.width},
                  clock, [&walk] { return ::tcgetpgrp(STDERR_FILENO) == walk.process_group; }),
        total_(total) {}

  void started(const ProbeId& id) {
    auto way = without_step(id);
    number_ = std::min(number_ + (way == way_ ? 0 : 1), total_);
    way_ = std::move(way);
    progress_.started(number_, total_, to_string(id));
  }

  void finished(const Result& result) { progress_.finished(result.verdict, result.duration_ms); }

 private:
  Progress progress_;
  int number_ = 0, total_;
  ProbeId way_;
};

std::vector<Result> walk_all(const SshWalk& walk, OwnSession& own, const tpm::Clock& clock,
                             const std::atomic<bool>& interrupted, Console& console) {
  const auto profiles = fapi_profile_folder();
  WalkProgress progress(walk, console, clock, count_of_ways(walk, profiles));
  walks::WayBench bench{walk.folder,
                        walk.tcti,
                        ServedTpm::journal(walk.folder),
                        own.capabilities(),
                        interrupted,
                        [&](const ProbeId& id) { progress.started(id); },
                        [&](const Result& result) { progress.finished(result); },
                        {}};
  if (walk.options.fapi) {
    walk_fapi(bench, {own.session(), own.identity(), profiles, walk.may_provision});
  } else {
    walk_ways(walk, own, bench);
  }
  return std::move(bench.results);
}

}  // namespace

std::vector<ProbeId> walk_ways() {
  auto ways = walks::direct_ways();
  std::ranges::copy(walks::pkcs11_ways(), std::back_inserter(ways));
  return ways;
}

reports::Report walk_ssh(const SshWalk& walk, Console& console) {
  const Beginning beginning;
  const auto& interrupted = catch_interrupts();
  auto facts = run_facts("ssh", walk.arguments, beginning);
  if (walk.emulated) facts.emulation = walk.emulation;
  tpm::SystemClock clock;
  auto opened = tpm::open_transport(walk.tcti, clock);
  if (!opened) {
    return finished(reports::report_of_walk(std::move(facts), {not_opened(opened.error())}),
                    kExitNoTpm, beginning);
  }
  OwnSession own(std::move(opened->transport), clock, tpm::default_policy(), interrupted,
                 walk.emulated ? "embedded" : walk.target);
  auto results =
      own.is_open() ? walk_all(walk, own, clock, interrupted, console) : std::vector<Result>{};
  return std::move(own).report(std::move(facts), std::move(results), beginning);
}

}  // namespace tpmprobe::cli
