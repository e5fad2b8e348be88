// SPDX-License-Identifier: BSD-2-Clause
#include "probes/doctor/read_tpm_facts.h"

#include <fmt/format.h>

#include "probes/identity.h"
#include "tpm/commands/capability.h"
#include "tpm/commands/names.h"
#include "tpm/commands/state.h"

namespace tpmprobe::probes {

TpmFacts read_tpm_facts(tpm::Session& session) {
  TpmFacts facts;
  auto reading = tpm::read_capabilities(session);
  if (!reading.capabilities.properties_fixed && !reading.faults.empty()) {
    facts.unreachable = reading.faults.front().error.message;
    return facts;
  }
  facts.capabilities = std::move(reading.capabilities);
  facts.identity = identify(facts.capabilities);
  if (const auto time = tpm::read_clock(session)) facts.identity.reset_count = time->reset_count;
  const auto& persistent = facts.capabilities.handles.persistent;
  for (const auto handle : persistent.value_or(std::vector<std::uint32_t>{})) {
    const auto name = tpm::read_name(session, handle);
    if (name) facts.persistent_names[handle] = fmt::format("{:02x}", fmt::join(*name, ""));
  }
  return facts;
}

}  // namespace tpmprobe::probes
