// SPDX-License-Identifier: BSD-2-Clause
#include "probes/runner.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "knowledge/algorithm_ids.h"
#include "knowledge/command_codes.h"
#include "knowledge/evidence.h"
#include "knowledge/rc_values.h"
#include "probes/catalogue.h"
#include "probes/hex_digits.h"
#include "probes/opening.h"
#include "probes/probe.h"
#include "probes/ssh/ssh_keygen.h"
#include "probes/workbench.h"
#include "tpm/digest.h"
#include "tpm/layers/check_layer.h"

namespace tpmprobe::probes {
namespace {

// A TPM that let two commands in a row run into their deadlines does not come back.
constexpr int kMostTimeouts = 2;

Result blank(ProbeId id, std::string title) {
  Result result;
  result.id = std::move(id);
  result.title = std::move(title);
  return result;
}

// The probe itself never hears of an attempt that was repeated.
void note_repeats(const RunInput& input, tpm::Recorder::Mark mark, Result& result) {
  if (result.verdict == Verdict::timeout) return;  // they were for ever: that is what it says
  for (const tpm::Attempt& attempt : input.recorder.attempts_since(mark)) {
    if (attempt.error) continue;
    if (attempt.rc == knowledge::rc::kTesting) add_evidence(result, knowledge::evidence::kTested);
    if (attempt.rc == knowledge::rc::kRetry || attempt.rc == knowledge::rc::kYielded) {
      add_evidence(result, knowledge::evidence::kRetried);
    }
  }
}

/// Measures one result: wall time, commands and TPM time.
class Meter {
 public:
  Meter(const RunInput& input, Result& result)
      : input_(input), result_(result), begin_(input.clock.now()), mark_(input.recorder.mark()) {}
  Meter(const Meter&) = delete;
  Meter& operator=(const Meter&) = delete;
  ~Meter() {
    const auto totals = input_.recorder.since(mark_);
    note_repeats(input_, mark_, result_);
    result_.duration_ms = tpm::milliseconds(input_.clock.now() - begin_);
    result_.tpm_commands = static_cast<int>(totals.commands);
    result_.tpm_ms = tpm::milliseconds(totals.duration);
  }

 private:
  const RunInput& input_;
  Result& result_;
  tpm::TimePoint begin_;
  tpm::Recorder::Mark mark_;
};

// TPM_RC_FAILURE is the defect of one command, or the end of all of them: the TPM knows which.
void ask_after_failure(const RunInput& input, const Result& result, Identity& identity) {
  if (result.verdict != Verdict::fail || result.rc != knowledge::rc::kFailure) return;
  auto failure = read_failure(input.session);
  if (failure.test_result == knowledge::rc::kFailure) identity.failure_mode = std::move(failure);
}

Result run_probe(const RunInput& input, const Probe& probe, Workbench& bench, Identity& identity) {
  Result result = blank(probe.id, probe.title);
  const Meter meter(input, result);
  const auto lacking = missing(probe.needs, bench.capabilities());
  if (lacking.empty()) {
    probe.run(bench, result);
    ask_after_failure(input, result, identity);
  } else {
    result.verdict = Verdict::unsupported;
    result.expected = "only a TPM that lists what this probe needs is asked";
    result.actual = fmt::format("the TPM does not list {}", fmt::join(lacking, ", "));
    result.steps.advertised = Step::no;
  }
  return result;
}

KeyStore::Options key_options(const RunInput& input, const Opening& opening) {
  const auto& capabilities = opening.reading.capabilities;
  KeyStore::Options options;
  options.has_p256 =
      (!capabilities.algorithms || capabilities.has_algorithm(knowledge::alg::kEcc)) &&
      (!capabilities.curves || capabilities.has_curve(knowledge::curve::kNistP256));
  options.has_test_parms =
      !capabilities.commands || capabilities.has_command(knowledge::cc::kTestParms);
  options.rsa_limit = input.quick ? kQuickRsaLimit : 0;
  for (const HierarchyState& hierarchy : opening.identity.hierarchies) {
    if (hierarchy.name == "owner") options.owner_auth_set = hierarchy.auth_set.value_or(false);
  }
  return options;
}

// One process, and only if somebody will want to know.
std::string openssh_version(const std::vector<const Probe*>& probes) {
  const bool wanted = std::any_of(probes.begin(), probes.end(), [](const Probe* probe) {
    return probe->id.family == Family::ssh;
  });
  return wanted ? ssh_keygen_version().value_or("") : "";
}

// An answer that is cut makes a socket wait for the rest as long as one that never comes.
bool ran_into_deadline(const tpm::Recorder& recorder, const Result& result) {
  if (result.verdict == Verdict::timeout) return true;
  const tpm::Attempt* last = recorder.last();
  return last != nullptr && last->error && last->duration >= tpm::time_limit(last->command);
}

class Run {
 public:
  Run(const RunInput& input, Observer& observer, RunOutput& output)
      : input_(input), observer_(observer), output_(output) {}

  void all() {
    const Opening opening = open();
    if (output_.unreachable || output_.identity.failure_mode) return;
    KeyStore keys(input_.session, input_.recorder, key_options(input_, opening));
    probes(opening, keys);
    if (!output_.identity.failure_mode) close(opening, keys);
  }

 private:
  Opening open() {
    Result result = blank({.family = Family::session, .step = "open"}, "The TPM answers");
    Opening opening;
    {
      const Meter meter(input_, result);
      opening = open_tpm(input_, result);
    }
    output_.identity = opening.identity;
    output_.unreachable = opening.unreachable;
    if (!opening.unreachable) output_.capabilities = opening.reading.capabilities;
    if (stopped()) {  // what could not be read any more says nothing about the TPM
      output_.interrupted = true;
    } else {
      output_.results.push_back(std::move(result));
    }
    if (!opening.unreachable) observer_.opened(output_.identity);
    return opening;
  }

  void probes(const Opening& opening, KeyStore& keys) {
    const std::string openssh = openssh_version(input_.probes);
    Workbench bench{input_.session, input_.recorder, opening.reading, opening.identity,
                    keys,           openssh};
    bench.slots_regained = static_cast<std::uint32_t>(opening.leftovers.flushed.size() +
                                                      opening.leftovers.foreign_flushed.size());
    int number = 0, timeouts = 0;
    for (const Probe* probe : input_.probes) {
      if (stopped() || timeouts >= kMostTimeouts) {
        output_.interrupted = true;
        return;
      }
      observer_.starting(++number, static_cast<int>(input_.probes.size()), *probe,
                         is_slow(*probe, bench));
      Result result = run_probe(input_, *probe, bench, output_.identity);
      if (stopped()) {  // it may have ended for that reason: it says nothing about the TPM
        output_.interrupted = true;
        return;
      }
      // A probe that sent nothing only repeats what is known of its key.
      if (result.tpm_commands > 0) {
        timeouts = ran_into_deadline(input_.recorder, result) ? timeouts + 1 : 0;
      }
      observer_.finished(result);
      output_.results.push_back(std::move(result));
      if (output_.identity.failure_mode) {  // nothing but a reset helps: not even a flush
        output_.interrupted = true;
        return;
      }
    }
  }

  void close(const Opening& opening, KeyStore& keys) {
    Result result = blank({.family = Family::session, .step = "close"}, "Nothing is left behind");
    {
      const Meter meter(input_, result);
      if (const auto name = keys.owner_primary_name()) {
        output_.identity.owner_primary_name =
            hex_digits(tpm::digest(knowledge::alg::kSha256, *name));
      }
      check_left_behind(opening, keys, result);
    }
    output_.results.push_back(std::move(result));
  }

  void check_left_behind(const Opening& opening, KeyStore& keys, Result& result) {
    result.expected = "no object of this run is left in the TPM";
    const auto flushed = keys.flush();
    // What ESYS would not take over although the TPM had made it.
    for (const auto handle :
         flushed ? std::set(input_.guard.own_handles()) : std::set<std::uint32_t>()) {
      static_cast<void>(tpm::flush_foreign(input_.session, handle));
    }
    const auto& own = input_.guard.own_handles();
    result.verdict = own.empty() ? Verdict::pass : Verdict::error;
    result.actual = own.empty() ? "every object was flushed" : "the TPM did not flush every object";
    if (!flushed && flushed.error().rc != 0) result.rc = flushed.error().rc;
    if (stopped() || !flushed) return;
    const auto now = tpm::read_handles(input_.session, kTransientFirst);
    if (!now || !opening.reading.capabilities.handles.transient) return;
    const auto& leftovers = opening.leftovers;
    const std::size_t before = opening.reading.capabilities.handles.transient->size() -
                               leftovers.flushed.size() - leftovers.foreign_flushed.size();
    if (now->size() > before) {  // not ours: the guard saw each of ours go
      result.actual += fmt::format("; other programs loaded {} meanwhile", now->size() - before);
    }
  }

  bool is_slow(const Probe& probe, const Workbench& bench) {
    const bool generates = probe.rsa_bits >= 2048 &&
                           missing(probe.needs, bench.capabilities()).empty() &&
                           (!input_.quick || probe.rsa_bits <= kQuickRsaLimit);
    return generates && generated_.insert(probe.rsa_bits).second;
  }

  [[nodiscard]] bool stopped() const { return input_.interrupted && input_.interrupted->load(); }

  static constexpr std::uint32_t kTransientFirst = 0x80000000;

  const RunInput& input_;
  Observer& observer_;
  RunOutput& output_;
  std::set<std::uint16_t> generated_;
};

}  // namespace

std::vector<std::uint32_t> opening_commands() {
  return {knowledge::cc::kGetCapability, knowledge::cc::kStartup,
          knowledge::cc::kGetTestResult, knowledge::cc::kReadPublic,
          knowledge::cc::kFlushContext,  knowledge::cc::kReadClock};
}

std::vector<std::uint32_t> closing_commands() {
  return {knowledge::cc::kFlushContext, knowledge::cc::kGetCapability};
}

RunOutput run(const RunInput& input, Observer& observer) {
  RunOutput output;
  Run(input, observer, output).all();
  return output;
}

tpm::GuardPolicy policy_for(const std::vector<const Probe*>& probes, bool flush_leftovers) {
  tpm::GuardPolicy policy;
  policy.allow(knowledge::Effect::startup).allow(knowledge::Effect::transient);
  for (const Probe* probe : probes) policy.allowed |= probe->effects;
  policy.flush_foreign = flush_leftovers;
  return policy;
}

}  // namespace tpmprobe::probes
