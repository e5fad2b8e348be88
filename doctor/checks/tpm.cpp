// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>

#include <fmt/format.h>

#include "doctor/diagnosis.h"
#include "doctor/tcti_choice.h"
#include "knowledge/algorithms.h"
#include "knowledge/property_tags.h"
#include "knowledge/rc.h"
#include "knowledge/rc_values.h"

namespace tpmprobe::doctor {
namespace {

constexpr const char* kPowerOff =
    "Switch the machine off completely (a restart is not enough); if the problem remains, update "
    "the TPM's firmware.";

Diagnosis self_test(const TpmFacts& tpm) {
  if (tpm.failed) {
    return {
        "tpm.self-test", Health::fail,
        fmt::format("the TPM is in failure mode and refuses to work{}",
                    tpm.test_result ? fmt::format(" (test result {:#x})", *tpm.test_result) : ""),
        kPowerOff};
  }
  namespace rc = knowledge::rc;
  switch (*tpm.test_result) {
    case 0:
      return {"tpm.self-test", Health::ok, "the self-test passed", ""};
    case rc::kNeedsTest:
    case rc::kTesting:
      return {"tpm.self-test", Health::ok, "the TPM tests each function before it is first used",
              ""};
    default:
      return {"tpm.self-test", Health::fail,
              fmt::format("the self-test failed ({:#x})", *tpm.test_result), kPowerOff};
  }
}

/// What stands around a device is in the other lines; of anything else they know nothing.
std::string fix_for_silence(const Machine& machine) {
  constexpr const char* kLooked = "Nothing inside the TPM was checked.";
  const auto& named = machine.named_tcti;
  if (named.empty() || is_of_kernel(named)) {
    return fmt::format("The other lines say why. {}", kLooked);
  }
  return fmt::format("Is it running? Check --tcti. {}", kLooked);
}

}  // namespace

void check_answers(const Machine& machine, Diagnoses& lines) {
  const auto& tpm = machine.tpm;
  if (tpm.asleep) {
    lines.push_back({"tpm.answers", Health::fail,
                     "the TPM has not been started up (TPM_RC_INITIALIZE)",
                     "Run: tpm2_startup -c; if this happens at every boot, update the firmware."});
    return;
  }
  if (tpm.unreachable) {
    lines.push_back({"tpm.answers", Health::fail, *tpm.unreachable, fix_for_silence(machine)});
    return;
  }
  lines.push_back({"tpm.answers", Health::ok,
                   fmt::format("{} firmware {}", tpm.identity.manufacturer.value_or("TPM"),
                               tpm.identity.firmware.value_or("unknown")),
                   ""});
  if (tpm.failed || tpm.test_result) lines.push_back(self_test(tpm));
}

namespace {

Diagnosis hierarchy_line(const HierarchyState& hierarchy) {
  const auto id = "tpm." + hierarchy.name;
  if (hierarchy.enabled == false) {
    return {id, Health::fail, fmt::format("the {} hierarchy is disabled", hierarchy.name),
            "Reboot; if it stays disabled, enable it in the firmware setup."};
  }
  if (hierarchy.auth_set == true) {
    return {id, Health::warn,
            fmt::format("the {} hierarchy has a password; commands without it fail with 0x9a2",
                        hierarchy.name),
            "Give the password to the tool (tpm2_ptool init --hierarchy-auth), or remove it: "
            "tpm2_changeauth."};
  }
  return {id, Health::ok,
          fmt::format("the {} hierarchy is enabled and has no password", hierarchy.name), ""};
}

void check_hierarchies(const std::vector<HierarchyState>& hierarchies, Diagnoses& lines) {
  for (const auto& hierarchy : hierarchies) {
    const bool asked_for = hierarchy.name == "owner" || hierarchy.name == "endorsement";
    if (asked_for && hierarchy.auth_set) lines.push_back(hierarchy_line(hierarchy));
  }
}

bool is_managed(const std::string& tcti) {
  return tcti.starts_with("tabrmd") || tcti.find("tpmrm") != std::string::npos;
}

std::string plural(std::size_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

/// "3 objects (1 of tpmprobe) and 0 sessions are loaded; room for 0 and 61".
std::string slot_words(const TpmFacts& tpm, std::optional<std::uint32_t> objects_free,
                       std::optional<std::uint32_t> sessions_free) {
  const auto& handles = tpm.capabilities.handles;
  auto words = plural(handles.transient->size(), "object");
  if (tpm.own_objects > 0) words += fmt::format(" ({} from a killed tpmprobe)", tpm.own_objects);
  words += fmt::format(" and {} are loaded", plural(handles.loaded_session->size(), "session"));
  if (objects_free && sessions_free) {
    words += fmt::format("; there is room for {} more objects and {} more sessions", *objects_free,
                         *sessions_free);
  }
  return words;
}

void check_slots(const Machine& machine, Diagnoses& lines) {
  const auto& tpm = machine.tpm;
  const auto& handles = tpm.capabilities.handles;
  if (!handles.transient || !handles.loaded_session) return;
  const auto objects_free = tpm.capabilities.property(knowledge::kPtHrTransientAvail);
  const auto sessions_free = tpm.capabilities.property(knowledge::kPtHrLoadedAvail);
  auto words = slot_words(tpm, objects_free, sessions_free);
  if (is_managed(machine.tcti)) {
    lines.push_back({"tpm.slots", Health::ok,
                     words + "; the resource manager hides those of other programs", ""});
    return;
  }
  const bool objects_full = objects_free == 0U && !handles.transient->empty();
  const bool sessions_full = sessions_free == 0U && !handles.loaded_session->empty();
  lines.push_back({"tpm.slots", objects_full || sessions_full ? Health::warn : Health::ok,
                   std::move(words),
                   objects_full    ? "Run: tpm2_flushcontext -t; and use a resource manager "
                                     "(/dev/tpmrm0)."
                   : sessions_full ? "Run: tpm2_flushcontext -l; and use a resource manager "
                                     "(/dev/tpmrm0)."
                                   : ""});
}

bool is_empty(const knowledge::PcrBank& bank) {
  return std::ranges::all_of(bank.select, [](auto octet) { return octet == 0; });
}

std::string name_of(const knowledge::PcrBank& bank) {
  const auto* algorithm = knowledge::find_algorithm(bank.hash);
  return algorithm != nullptr ? std::string(algorithm->name) : fmt::format("{:#x}", bank.hash);
}

void check_banks(const std::vector<knowledge::PcrBank>& banks, Diagnoses& lines) {
  std::vector<std::string> full, empty;
  for (const auto& bank : banks) (is_empty(bank) ? empty : full).push_back(name_of(bank));
  auto seen = full.empty() ? std::string("no PCR bank is in use")
                           : fmt::format("PCR banks in use: {}", fmt::join(full, ", "));
  if (!empty.empty()) seen += fmt::format("; empty: {}", fmt::join(empty, ", "));
  lines.push_back({"tpm.pcr-banks", full.empty() ? Health::warn : Health::ok, seen,
                   full.empty() ? "Enable a SHA-256 bank in the firmware setup." : ""});
}

}  // namespace

void check_tpm_state(const Machine& machine, Diagnoses& lines) {
  if (machine.tpm.unreachable || machine.tpm.failed) return;
  check_hierarchies(machine.tpm.identity.hierarchies, lines);
  check_slots(machine, lines);
  if (machine.tpm.capabilities.pcr_banks) check_banks(*machine.tpm.capabilities.pcr_banks, lines);
}

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
    return "failed attempts are not counted (TPM_PT_LOCKOUT_INTERVAL is 0)";
  }
  const auto whole = std::uint64_t{state.counter} * state.interval_s;
  return fmt::format("one is forgotten within {}, all within {} (while powered on)",
                     seconds(state.interval_s), seconds(whole));
}

std::string fix(const LockoutState& state) {
  if (!state.lockout_auth_set) return "Wait, or run: tpm2_dictionarylockout -c";
  return "Wait, or run tpm2_dictionarylockout -c with the lockout password. Whoever took ownership "
         "of the TPM has it: usually Windows, or whoever ran tss2_provision -L. " +
         (state.recovery_s == 0
              ? std::string("A wrong lockout password blocks this until the next TPM reset.")
              : fmt::format("A wrong lockout password blocks this for {}.",
                            seconds(state.recovery_s)));
}

Diagnosis judge(const LockoutState& state) {
  const auto left = state.max_tries > state.counter ? state.max_tries - state.counter : 0;
  const auto counted =
      fmt::format("{} of {} failed attempts recorded", state.counter, state.max_tries);
  if (state.in_lockout || (left == 0 && state.max_tries != 0)) {
    return {"tpm.lockout", Health::fail,
            fmt::format("the TPM is in lockout: {}; {}", counted, times(state)), fix(state)};
  }
  if (state.counter != 0) {
    return {"tpm.lockout", Health::warn,
            fmt::format("{}, {} left; {}", counted, left, times(state)), fix(state)};
  }
  const auto forgotten =
      state.interval_s == 0 ? "; " + times(state)
                            : fmt::format(", one is forgotten every {}", seconds(state.interval_s));
  return {"tpm.lockout", Health::ok,
          fmt::format("not in lockout, {} failed attempts allowed{}", state.max_tries, forgotten),
          ""};
}

}  // namespace

void check_lockout(const Machine& machine, Diagnoses& lines) {
  const auto& state = machine.tpm.identity.lockout;
  if (machine.tpm.unreachable || !state) return;
  lines.push_back(judge(*state));
  lines.push_back(
      {"tpm.lockout-auth", Health::ok,
       state->lockout_auth_set
           ? "the lockout password is set, as Windows and tss2_provision -L do"
           : "the lockout password is not set: anyone can end a lockout or clear the TPM",
       ""});
}

}  // namespace tpmprobe::doctor
