// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include "doctor/checks.h"

namespace tpmprobe::doctor {
namespace {

std::string seconds(std::uint64_t count) {
  constexpr std::uint64_t kMinute = 60, kHour = 3600;
  if (count >= 2 * kHour) return fmt::format("{} h {} min", count / kHour, count % kHour / kMinute);
  if (count >= 2 * kMinute) return fmt::format("{} min {} s", count / kMinute, count % kMinute);
  return fmt::format("{} s", count);
}

/// Part 1, 19.8: the counter falls by one each interval while there is power.
std::string times(const LockoutState& state) {
  if (state.interval_s == 0) {
    return "no wrong try counts (TPM_PT_LOCKOUT_INTERVAL is 0)";
  }
  const auto whole = std::uint64_t{state.counter} * state.interval_s;
  return fmt::format("one more try in at most {}, all in {}, with the power on",
                     seconds(state.interval_s), seconds(whole));
}

std::string fix(const LockoutState& state) {
  if (!state.lockout_auth_set) return "Wait, or run: tpm2_dictionarylockout -c";
  return "Wait, or run tpm2_dictionarylockout -c with the lockout password. Who took ownership of "
         "the TPM has it: mostly Windows, or who ran tss2_provision -L. " +
         (state.recovery_s == 0
              ? std::string("A wrong one blocks that until the next TPM reset.")
              : fmt::format("A wrong one blocks that for {}.", seconds(state.recovery_s)));
}

Diagnosis judge(const LockoutState& state) {
  const auto left = state.max_tries > state.counter ? state.max_tries - state.counter : 0;
  const auto counted =
      fmt::format("{} of {} wrong tries are counted", state.counter, state.max_tries);
  if (state.in_lockout || (left == 0 && state.max_tries != 0)) {
    return {"tpm.lockout", Health::fail,
            fmt::format("the TPM is in lockout: {}; {}", counted, times(state)), fix(state)};
  }
  if (state.counter != 0) {
    return {"tpm.lockout", Health::warn,
            fmt::format("{}, {} left; {}", counted, left, times(state)), fix(state)};
  }
  const auto forgotten = state.interval_s == 0
                             ? "; " + times(state)
                             : fmt::format(", one is forgotten each {}", seconds(state.interval_s));
  return {"tpm.lockout", Health::ok,
          fmt::format("not in lockout, {} wrong tries allowed{}", state.max_tries, forgotten), ""};
}

}  // namespace

void check_lockout(const Machine& machine, Diagnoses& lines) {
  const auto& state = machine.tpm.identity.lockout;
  if (machine.tpm.unreachable || !state) return;
  lines.push_back(judge(*state));
  lines.push_back({"tpm.lockout-auth", Health::ok,
                   state->lockout_auth_set
                       ? "the lockout password is set, as Windows and tss2_provision -L do it"
                       : "the lockout password is not set: anybody may end a lockout, or clear "
                         "the TPM",
                   ""});
}

}  // namespace tpmprobe::doctor
