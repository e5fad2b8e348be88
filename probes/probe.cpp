// SPDX-License-Identifier: BSD-2-Clause
#include "probes/probe.h"

#include <utility>

#include <fmt/format.h>

#include "knowledge/algorithms.h"
#include "knowledge/command_table.h"

namespace tpmprobe::probes {

Probe simple_probe(ProbeId id, std::string title, std::string clause,
                   std::vector<std::uint32_t> commands, void (*run)(Workbench&, Result&)) {
  Probe made;
  made.id = std::move(id);
  made.title = std::move(title);
  made.clause = std::move(clause);
  made.needs.commands = std::move(commands);
  made.run = run;
  return made;
}

std::vector<std::string> missing(const Needs& needs, const knowledge::Capabilities& capabilities) {
  std::vector<std::string> names;
  if (capabilities.algorithms) {
    for (const auto id : needs.algorithms) {
      if (capabilities.has_algorithm(id)) continue;
      names.push_back(fmt::format("algorithm {}", knowledge::find_algorithm(id)->title));
    }
  }
  if (needs.curve && capabilities.curves && !capabilities.has_curve(*needs.curve)) {
    names.push_back(fmt::format("curve {}", knowledge::find_curve(*needs.curve)->title));
  }
  if (capabilities.commands) {
    for (const auto code : needs.commands) {
      if (capabilities.has_command(code)) continue;
      names.push_back(fmt::format("command TPM2_{}", knowledge::find_command(code)->name));
    }
  }
  if (needs.pcr_bank && capabilities.pcr_banks && !capabilities.has_pcr_bank(*needs.pcr_bank)) {
    names.push_back(fmt::format("PCR bank {}", knowledge::find_algorithm(*needs.pcr_bank)->title));
  }
  return names;
}

}  // namespace tpmprobe::probes
