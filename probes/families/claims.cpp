// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "knowledge/algorithm_ids.h"
#include "knowledge/algorithms.h"
#include "knowledge/command_codes.h"
#include "knowledge/command_table.h"
#include "knowledge/evidence.h"
#include "knowledge/rc.h"
#include "knowledge/rc_values.h"
#include "probes/families/families.h"
#include "probes/judge.h"
#include "probes/workbench.h"

namespace tpmprobe::probes {
namespace {

namespace alg = knowledge::alg;
namespace cc = knowledge::cc;
namespace evidence = knowledge::evidence;

const tpm::KeyTemplate kP256{.curve = knowledge::curve::kNistP256, .scheme = {}};

/// A scheme and a command without which nobody can use it (Part 3). HMAC is not among them: every
/// TPM has it for its sessions.
struct SchemeRow {
  tpm::AlgId scheme;
  std::uint32_t command;
};

constexpr std::array kSchemes{
    SchemeRow{alg::kRsaes, cc::kRsaDecrypt},  SchemeRow{alg::kOaep, cc::kRsaDecrypt},
    SchemeRow{alg::kEcdaa, cc::kCommit},      SchemeRow{alg::kEcdh, cc::kEcdhZGen},
    SchemeRow{alg::kEcmqv, cc::kEcEphemeral}, SchemeRow{alg::kEcmqv, cc::kZGen2Phase},
};

bool is_empty_claim(const SchemeRow& row, const knowledge::Capabilities& capabilities) {
  return capabilities.has_algorithm(row.scheme) && !capabilities.has_command(row.command);
}

void run_schemes(Workbench& bench, Result& result) {
  result.expected = "every listed scheme comes with its commands";
  result.verdict = Verdict::pass;
  result.actual = "the list of algorithms agrees with the list of commands";
  const auto& capabilities = bench.capabilities();
  if (!capabilities.algorithms || !capabilities.commands) {
    result.actual = "one of the two lists is missing: they cannot disagree";
    return;
  }
  std::vector<std::string> empty;
  for (const SchemeRow& row : kSchemes) {
    if (!is_empty_claim(row, capabilities)) continue;
    empty.push_back(fmt::format("{} without TPM2_{}", knowledge::find_algorithm(row.scheme)->title,
                                knowledge::find_command(row.command)->name));
  }
  if (empty.empty()) return;
  result.verdict = Verdict::mismatch;
  result.actual = fmt::format("the TPM lists {}", fmt::join(empty, ", "));
  add_evidence(result, evidence::kAlgorithmWithoutCommand);
}

void run_create_loaded(Workbench& bench, Result& result) {
  result.expected = "TPM2_CreateLoaded is listed, and creates a key";
  auto parent = bench.keys.parent();
  if (!parent) return judge(parent.error(), "creating the primary key", result);
  bench.keys.release_key();
  auto made = tpm::create_loaded(bench.session, **parent, kP256);
  if (made) {
    result.verdict = Verdict::pass;
    result.actual = "an ECDSA P-256 key was created";
    return;
  }
  judge(made.error(), "creating a key", result);
  if (result.verdict != Verdict::unsupported) return;
  result.verdict = Verdict::mismatch;
  if (knowledge::decode_rc(made.error().rc).base == knowledge::rc::kCommandCode) {
    add_evidence(result, evidence::kListedCommandRefused);
  }
}

Probe create_loaded_probe() {
  Probe probe =
      simple_probe({Family::capability, "create-loaded"}, "What the TPM lists: TPM2_CreateLoaded",
                   "Part 3, 12.9 TPM2_CreateLoaded", {cc::kCreateLoaded}, run_create_loaded);
  probe.needs.algorithms = {alg::kEcc, alg::kEcdsa, alg::kSha256};
  probe.needs.curve = knowledge::curve::kNistP256;
  probe.may_send = {cc::kCreatePrimary, cc::kFlushContext};
  probe.effects = static_cast<std::uint16_t>(knowledge::Effect::transient);
  return probe;
}

}  // namespace

std::vector<Probe> claim_probes() {
  std::vector<Probe> probes;
  probes.push_back(simple_probe({Family::capability, "schemes"},
                                "What the TPM lists: schemes and their commands",
                                "Part 3, 30.2 TPM2_GetCapability", {}, run_schemes));
  probes.push_back(create_loaded_probe());
  return probes;
}

}  // namespace tpmprobe::probes
