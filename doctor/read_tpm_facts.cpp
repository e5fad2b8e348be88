// SPDX-License-Identifier: BSD-2-Clause
#include "doctor/read_tpm_facts.h"

#include <algorithm>

#include <fmt/format.h>

#include "doctor/read_ek_certificates.h"
#include "knowledge/rc_values.h"
#include "probes/failed_tpm.h"
#include "probes/hex_digits.h"
#include "probes/identity.h"
#include "tpm/commands/capability.h"
#include "tpm/commands/names.h"
#include "tpm/commands/objects.h"
#include "tpm/commands/state.h"
#include "tpm/marker.h"

namespace tpmprobe::doctor {
namespace {

bool answered_with(const tpm::CapabilityReading& reading, std::uint32_t rc) {
  return std::ranges::any_of(reading.faults, [&](const tpm::CapabilityFault& fault) {
    return fault.error.kind == Error::Kind::tpm && fault.error.rc == rc;
  });
}

void read_objects(tpm::Session& session, TpmFacts& facts) {
  const auto& persistent = facts.capabilities.handles.persistent;
  for (const auto handle : persistent.value_or(std::vector<std::uint32_t>{})) {
    const auto area = tpm::read_public_form(session, handle);
    if (area)
      facts.persistent[handle] = {probes::hex_digits(area->name), probes::hex_digits(area->form)};
  }
  const auto& loaded = facts.capabilities.handles.transient;
  std::vector<tpm::ForeignObject> objects;
  for (const auto handle : loaded.value_or(std::vector<std::uint32_t>{})) {
    if (auto object = tpm::read_public(session, handle)) objects.push_back(std::move(*object));
  }
  const auto is_ours = [&](const auto& object) { return tpm::is_ours(object, objects); };
  facts.own_objects += std::ranges::count_if(objects, is_ours);
}

TpmFacts facts_of_failed(tpm::Session& session, TpmFacts facts) {
  facts.failed = true;
  probes::ask_failed_tpm(session, facts.capabilities);
  facts.identity = probes::identify(facts.capabilities);
  return facts;
}

}  // namespace

TpmFacts read_tpm_facts(tpm::Session& session) {
  TpmFacts facts;
  auto reading = tpm::read_capabilities(session);
  facts.asleep = answered_with(reading, knowledge::rc::kInitialize);
  facts.failed = answered_with(reading, knowledge::rc::kFailure);
  facts.capabilities = std::move(reading.capabilities);
  if (const auto test = tpm::get_test_result(session)) facts.test_result = test->result;
  if (facts.failed) return facts_of_failed(session, std::move(facts));
  if (!facts.capabilities.properties_fixed && !reading.faults.empty()) {
    facts.unreachable = reading.faults.front().error.message;
    return facts;
  }
  facts.identity = probes::identify(facts.capabilities);
  if (const auto time = tpm::read_clock(session)) {
    constexpr std::uint64_t kMillisecond = 1000;
    facts.identity.reset_count = time->reset_count;
    facts.clock_s = time->clock_ms / kMillisecond;
  }
  read_objects(session, facts);
  facts.ek_certificates = read_ek_certificates(session, facts);
  return facts;
}

}  // namespace tpmprobe::doctor
