// SPDX-License-Identifier: BSD-2-Clause
#include "probes/probe.h"

#include <utility>

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

}  // namespace tpmprobe::probes
