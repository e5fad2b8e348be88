// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "knowledge/algorithm_ids.h"
#include "knowledge/command_codes.h"
#include "knowledge/evidence.h"
#include "knowledge/property_tags.h"
#include "knowledge/rc_values.h"
#include "probes/families/families.h"
#include "probes/judge.h"
#include "probes/workbench.h"
#include "tpm/commands/services.h"

namespace tpmprobe::probes {
namespace {

namespace cc = knowledge::cc;

/// What went wrong with a list while it was read, null if nothing did.
const tpm::CapabilityFault* find_fault_of(std::string_view list, const Workbench& bench) {
  const auto& faults = bench.reading.faults;
  const auto fault = std::find_if(faults.begin(), faults.end(), [&](const auto& candidate) {
    return candidate.list.starts_with(list);
  });
  return fault == faults.end() ? nullptr : &*fault;
}

void run_identity(Workbench& bench, Result& result) {
  result.expected = "the TPM names its manufacturer and its firmware";
  const Identity& tpm = bench.identity;
  const bool known = tpm.manufacturer && tpm.firmware;
  const auto* fault = find_fault_of("properties_fixed", bench);
  if (!known && fault != nullptr) return judge(fault->error, "asking for its identity", result);
  result.verdict = known ? Verdict::pass : Verdict::fail;
  result.actual = known
                      ? fmt::format("{} {}, {}", *tpm.manufacturer, *tpm.firmware, tpm.kind_reason)
                      : "TPM_PT_MANUFACTURER or TPM_PT_FIRMWARE_VERSION_1 is missing";
}

/// One list of TPM2_GetCapability.
struct ListRow {
  std::string_view name;  ///< as in CapabilityFault::list
  std::string_view title;
};

constexpr std::array kLists{
    ListRow{"properties_fixed", "fixed properties"},
    ListRow{"properties_variable", "variable properties"},
    ListRow{"algorithms", "algorithms"},
    ListRow{"curves", "ECC curves"},
    ListRow{"commands", "commands"},
    ListRow{"pcr_banks", "PCR banks"},
    ListRow{"handles", "handles of each kind"},
};

// A TPM without ECC may refuse the question for its curves; everything else has to be answered.
bool may_refuse(const ListRow& row, const Workbench& bench) {
  return row.name == "curves" && bench.capabilities().algorithms &&
         !bench.capabilities().has_algorithm(knowledge::alg::kEcc);
}

bool lacks_commands(const knowledge::Capabilities& capabilities,
                    std::initializer_list<std::uint32_t> codes) {
  return capabilities.commands && std::none_of(codes.begin(), codes.end(), [&](auto code) {
           return capabilities.has_command(code);
         });
}

bool has_usable_bank(const std::vector<knowledge::PcrBank>& banks) {
  return std::any_of(banks.begin(), banks.end(), [](const knowledge::PcrBank& bank) {
    return std::any_of(bank.select.begin(), bank.select.end(),
                       [](auto octet) { return octet != 0; });
  });
}

// Limits and gaps of a list that was read well.
void note_gaps(const ListRow& row, const knowledge::Capabilities& capabilities, Result& result) {
  namespace evidence = knowledge::evidence;
  if (row.name == "commands") {
    if (lacks_commands(capabilities, {cc::kEncryptDecrypt, cc::kEncryptDecrypt2})) {
      add_evidence(result, evidence::kNoEncryptDecrypt);
    }
    if (lacks_commands(capabilities, {cc::kTestParms})) {
      add_evidence(result, evidence::kNoTestParms);
    }
  }
  if (row.name == "properties_fixed" &&
      capabilities.property(knowledge::kPtNvBufferMax).value_or(0) == 0) {
    add_evidence(result, evidence::kNoNvBufferMax);
  }
  if (row.name == "pcr_banks" && capabilities.pcr_banks &&
      !has_usable_bank(*capabilities.pcr_banks)) {
    add_evidence(result, evidence::kNoPcrBank);
    result.verdict = Verdict::fail;
    result.actual =
        "read completely, but no bank has a PCR: nothing can be measured or sealed to PCRs";
  }
}

void run_list(const ListRow& row, Workbench& bench, Result& result) {
  result.expected = fmt::format("TPM2_GetCapability lists the {} completely", row.title);
  const auto* fault = find_fault_of(row.name, bench);
  result.verdict = Verdict::pass;
  result.actual = "read completely";
  if (fault == nullptr) return note_gaps(row, bench.capabilities(), result);
  judge(fault->error, fmt::format("reading {}", fault->list), result);
  const bool refused = result.verdict == Verdict::unsupported;
  // A TPM that was not started refuses everything.
  if (refused && row.name == "curves" && fault->error.rc != knowledge::rc::kInitialize) {
    add_evidence(result, knowledge::evidence::kCurvesRefused);
  }
  if (refused && !may_refuse(row, bench)) result.verdict = Verdict::mismatch;
}

void run_self_test(Workbench& bench, Result& result) {
  result.expected = "TPM2_GetTestResult says that the self-tests passed or have not run yet";
  const auto test = tpm::get_test_result(bench.session);
  if (!test) return judge(test.error(), "reading the result of the self-tests", result);
  const bool fine = test->result == 0 || test->result == knowledge::rc::kNeedsTest ||
                    test->result == knowledge::rc::kTesting;
  result.verdict = fine ? Verdict::pass : Verdict::fail;
  if (test->result != 0) result.rc = test->result;
  if (!fine) result.command = cc::kGetTestResult;
  result.actual = test->result == 0 ? "all tests done so far passed"
                  : fine            ? "some tests have not run yet"
                                    : fmt::format("a self-test failed with 0x{:x}", test->result);
}

void run_lockout(Workbench& bench, Result& result) {
  result.expected = "the TPM is not in dictionary-attack lockout";
  const auto& lockout = bench.identity.lockout;
  if (!lockout) {
    result.verdict = Verdict::unsupported;
    result.actual = "the TPM does not report its dictionary-attack state";
    return;
  }
  result.verdict = lockout->in_lockout ? Verdict::fail : Verdict::pass;
  result.actual =
      fmt::format("{} of {} failed authorizations counted{}", lockout->counter, lockout->max_tries,
                  lockout->in_lockout ? ": the TPM is in lockout" : "");
}

std::string describe(const HierarchyState& hierarchy) {
  auto text = hierarchy.name;
  if (hierarchy.enabled) text += *hierarchy.enabled ? " enabled" : " disabled";
  if (hierarchy.auth_set) text += *hierarchy.auth_set ? " with a password" : " without a password";
  return text;
}

void run_hierarchies(Workbench& bench, Result& result) {
  result.expected = "the owner hierarchy is enabled";
  std::vector<std::string> words;
  bool owner_enabled = true;
  for (const HierarchyState& hierarchy : bench.identity.hierarchies) {
    words.push_back(describe(hierarchy));
    if (hierarchy.name == "owner") owner_enabled = hierarchy.enabled.value_or(true);
  }
  result.verdict = owner_enabled ? Verdict::pass : Verdict::fail;
  result.actual = fmt::format("{}", fmt::join(words, ", "));
}

void run_object_slots(Workbench& bench, Result& result) {
  result.expected = "there is room for the two objects that a probe needs";
  const auto free = bench.capabilities().property(knowledge::kPtHrTransientAvail);
  const auto& there = bench.capabilities().handles.transient;
  const std::size_t used = there ? there->size() : 0;
  if (!free) {
    result.verdict = Verdict::pass;
    result.actual = "the TPM does not say how much room it has";
    return;
  }
  result.verdict = *free + bench.slots_regained < 2 && used > 0 ? Verdict::fail : Verdict::pass;
  result.actual = fmt::format("{} object slots free, {} taken by other programs",
                              *free + bench.slots_regained, used - bench.slots_regained);
}

}  // namespace

std::vector<Probe> state_probes() {
  std::vector<Probe> probes;
  probes.push_back(simple_probe({Family::identity}, "Identity of the TPM", "Part 2, 6.13 TPM_PT",
                                {}, run_identity));
  for (const ListRow& row : kLists) {
    Probe list = simple_probe({Family::capability, std::string(row.name)},
                              fmt::format("What the TPM lists: {}", row.title),
                              "Part 3, 30.2 TPM2_GetCapability", {}, nullptr);
    list.run = [row](Workbench& bench, Result& result) { run_list(row, bench, result); };
    std::ranges::replace(list.id.subject, '_', '-');
    probes.push_back(std::move(list));
  }
  probes.push_back(simple_probe({Family::state, "self-test"}, "Self-tests",
                                "Part 3, 10.4 TPM2_GetTestResult", {cc::kGetTestResult},
                                run_self_test));
  probes.push_back(simple_probe({Family::state, "lockout"}, "Dictionary-attack lockout",
                                "Part 1, 19.8", {}, run_lockout));
  probes.push_back(
      simple_probe({Family::state, "hierarchies"}, "Hierarchies and their authorizations",
                   "Part 2, 8.6 TPMA_PERMANENT, 8.7 TPMA_STARTUP_CLEAR", {}, run_hierarchies));
  probes.push_back(simple_probe({Family::state, "object-slots"}, "Room for objects",
                                "Part 2, 6.13 TPM_PT_HR_TRANSIENT_AVAIL", {}, run_object_slots));
  return probes;
}

}  // namespace tpmprobe::probes
