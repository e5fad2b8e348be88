// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>

#include <fmt/format.h>

#include "doctor/checks.h"
#include "knowledge/algorithms.h"
#include "knowledge/property_tags.h"

namespace tpmprobe::doctor {
namespace {

Diagnosis hierarchy_line(const HierarchyState& hierarchy) {
  const auto id = "tpm." + hierarchy.name;
  if (hierarchy.enabled == false) {
    return {id, Health::fail, fmt::format("the {} hierarchy is off", hierarchy.name),
            "Reboot; if it stays off, switch it on in the firmware's setup."};
  }
  if (hierarchy.auth_set == true) {
    return {id, Health::warn,
            fmt::format("the {} hierarchy has a password: 0x9a2 for who does not know it",
                        hierarchy.name),
            "Give it to the tool (tpm2_ptool init --hierarchy-auth), or remove it: "
            "tpm2_changeauth."};
  }
  return {id, Health::ok, fmt::format("the {} hierarchy is on and has no password", hierarchy.name),
          ""};
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
  if (tpm.own_objects > 0) words += fmt::format(" ({} of a killed tpmprobe)", tpm.own_objects);
  words += fmt::format(" and {} are loaded", plural(handles.loaded_session->size(), "session"));
  if (objects_free && sessions_free) {
    words += fmt::format("; there is room for {} and {} more", *objects_free, *sessions_free);
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
                     words + "; a resource manager is between, which hides those of others", ""});
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
                   full.empty() ? "Switch a SHA-256 bank on in the firmware's setup." : ""});
}

}  // namespace

void check_tpm_state(const Machine& machine, Diagnoses& lines) {
  if (machine.tpm.unreachable || machine.tpm.failed) return;
  check_hierarchies(machine.tpm.identity.hierarchies, lines);
  check_slots(machine, lines);
  if (machine.tpm.capabilities.pcr_banks) check_banks(*machine.tpm.capabilities.pcr_banks, lines);
}

}  // namespace tpmprobe::doctor
