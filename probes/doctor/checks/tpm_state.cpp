// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "knowledge/algorithms.h"
#include "probes/doctor/checks.h"
#include "probes/doctor/ek_certificates.h"

namespace tpmprobe::probes {
namespace {

std::string seconds(std::uint64_t count) {
  constexpr std::uint64_t kMinute = 60, kHour = 3600;
  if (count >= 2 * kHour) return fmt::format("{} h {} min", count / kHour, count % kHour / kMinute);
  if (count >= 2 * kMinute) return fmt::format("{} min {} s", count / kMinute, count % kMinute);
  return fmt::format("{} s", count);
}

/// Part 1, 19.8: the counter falls by one each interval; at max_tries there are no more.
void check_lockout(const LockoutState& state, Diagnoses& lines) {
  const auto tries = state.max_tries > state.counter ? state.max_tries - state.counter : 0;
  const auto whole = std::uint64_t{state.counter} * state.interval_s;
  const auto counted =
      fmt::format("{} of {} wrong tries are counted", state.counter, state.max_tries);
  const auto times = state.interval_s == 0 ? std::string("nothing is ever forgotten")
                                           : fmt::format("one more try in at most {}, all in {}",
                                                         seconds(state.interval_s), seconds(whole));
  const std::string reset =
      state.lockout_auth_set
          ? "Wait, or run tpm2_dictionarylockout -c with the lockout password: whoever took "
            "ownership of the TPM (Windows, an installer) has it."
          : "Wait, or run: tpm2_dictionarylockout -c";
  if (state.in_lockout || (tries == 0 && state.max_tries != 0)) {
    lines.push_back({"tpm.lockout", Health::fail,
                     fmt::format("the TPM is in lockout: {}; {}", counted, times), reset});
  } else if (state.counter != 0) {
    lines.push_back({"tpm.lockout", Health::warn,
                     fmt::format("{}, {} left; {}", counted, tries, times), reset});
  } else {
    lines.push_back({"tpm.lockout", Health::ok,
                     fmt::format("not in lockout, {} wrong tries allowed", state.max_tries), ""});
  }
}

void check_hierarchies(const std::vector<HierarchyState>& hierarchies, Diagnoses& lines) {
  for (const auto& hierarchy : hierarchies) {
    if (hierarchy.name != "owner" && hierarchy.name != "endorsement") continue;
    const auto id = "tpm." + hierarchy.name;
    if (hierarchy.enabled && !*hierarchy.enabled) {
      lines.push_back({id, Health::fail, fmt::format("the {} hierarchy is off", hierarchy.name),
                       "Reboot; if it stays off, switch it on in the firmware's setup."});
    } else if (hierarchy.auth_set && *hierarchy.auth_set) {
      lines.push_back(
          {id, Health::warn,
           fmt::format("the {} hierarchy has a password: 0x9a2 for who does not know it",
                       hierarchy.name),
           "Give it to the tool (tpm2_ptool init --hierarchy-auth), or remove it: "
           "tpm2_changeauth."});
    } else if (hierarchy.auth_set) {
      lines.push_back({id, Health::ok,
                       fmt::format("the {} hierarchy is on and has no password", hierarchy.name),
                       ""});
    }
  }
}

void check_slots(const knowledge::HandleLists& handles, Diagnoses& lines) {
  constexpr std::size_t kUsualSlots = 3;
  if (!handles.transient || !handles.loaded_session) return;
  const auto objects = handles.transient->size(), sessions = handles.loaded_session->size();
  const bool full = objects >= kUsualSlots || sessions >= kUsualSlots;
  lines.push_back({"tpm.slots", full ? Health::warn : Health::ok,
                   fmt::format("{} objects and {} sessions are loaded", objects, sessions),
                   full ? "Run: tpm2_flushcontext -t; tpm2_flushcontext -l; and use a resource "
                          "manager (/dev/tpmrm0)."
                        : ""});
}

void check_banks(const std::vector<knowledge::PcrBank>& banks, Diagnoses& lines) {
  const auto is_empty = [](const knowledge::PcrBank& bank) {
    return std::ranges::all_of(bank.select, [](auto octet) { return octet == 0; });
  };
  std::vector<std::string> full, empty;
  for (const auto& bank : banks) {
    const auto* algorithm = knowledge::find_algorithm(bank.hash);
    const auto name =
        algorithm != nullptr ? std::string(algorithm->name) : fmt::format("{:#x}", bank.hash);
    (is_empty(bank) ? empty : full).push_back(name);
  }
  auto seen = fmt::format("PCR banks in use: {}", fmt::join(full, ", "));
  if (!empty.empty()) seen += fmt::format("; empty: {}", fmt::join(empty, ", "));
  lines.push_back({"tpm.pcr-banks", full.empty() ? Health::warn : Health::ok, seen,
                   full.empty() ? "Switch a SHA-256 bank on in the firmware's setup." : ""});
}

void check_ek_certificates(const Machine& machine, Diagnoses& lines) {
  if (!machine.tpm.capabilities.handles.nv_index) return;
  std::vector<std::string_view> there;
  for (const auto& known : kEkCertificates) {
    if (has_nv_index(machine, known.nv_index)) there.push_back(known.kind);
  }
  lines.push_back({"tpm.ek-certificates", Health::ok,
                   there.empty() ? "there are no EK certificates in NV memory"
                                 : fmt::format("EK certificates: {}", fmt::join(there, ", ")),
                   ""});
}

}  // namespace

void check_tpm_state(const Machine& machine, Diagnoses& lines) {
  if (machine.tpm.unreachable) {
    lines.push_back({"tpm.answers", Health::fail, *machine.tpm.unreachable,
                     "The other lines say why; nothing in the TPM was looked at."});
    return;
  }
  const auto& identity = machine.tpm.identity;
  lines.push_back({"tpm.answers", Health::ok,
                   fmt::format("{} firmware {}", identity.manufacturer.value_or("TPM"),
                               identity.firmware.value_or("unknown")),
                   ""});
  if (identity.lockout) check_lockout(*identity.lockout, lines);
  check_hierarchies(identity.hierarchies, lines);
  check_slots(machine.tpm.capabilities.handles, lines);
  check_ek_certificates(machine, lines);
  if (machine.tpm.capabilities.pcr_banks) check_banks(*machine.tpm.capabilities.pcr_banks, lines);
}

void check_earlier(const Machine& machine, Diagnoses& lines) {
  if (!machine.earlier || machine.tpm.unreachable) return;
  const auto before = machine.earlier->reset_count, now = machine.tpm.identity.reset_count;
  if (machine.earlier->manufacturer != machine.tpm.identity.manufacturer) {
    lines.push_back({"tpm.since", Health::warn, "the earlier report is of another TPM", ""});
  } else if (!before || !now) {
    lines.push_back({"tpm.since", Health::unknown, "the reset count is not known", ""});
  } else if (*now < *before) {  // only TPM2_Clear sets it to 0 (Part 3, 24.6)
    lines.push_back({"tpm.since", Health::fail,
                     fmt::format("the TPM was cleared since: its reset count fell from {} to {}",
                                 *before, *now),
                     "Keys made before that are gone for good: make new ones."});
  } else {
    lines.push_back({"tpm.since", Health::ok,
                     fmt::format("{} resets since; a clear would show in the owner primary of "
                                 "tpmprobe report",
                                 *now - *before),
                     ""});
  }
}

}  // namespace tpmprobe::probes
