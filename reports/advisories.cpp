// SPDX-License-Identifier: BSD-2-Clause
#include "reports/advisories.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "knowledge/advisory/advisory.h"
#include "knowledge/property_tags.h"

namespace tpmprobe::reports {
namespace {

using knowledge::Advisory;
using knowledge::FirmwareFacts;

FirmwareFacts facts_of(const RunFacts& run) {
  FirmwareFacts facts;
  facts.manufacturer = run.tpm.manufacturer.value_or("");
  facts.version = firmware_version(run);
  if (run.capabilities) {
    facts.specification_year = run.capabilities->property(knowledge::kPtYear);
  }
  return facts;
}

/// The finding of the defect that shows the advisory in this run, or null.
const Finding* shown_by(const Advisory& advisory, const std::vector<Finding>& findings) {
  const auto found = std::ranges::find_if(findings, [&](const Finding& finding) {
    return !finding.probes.empty() &&
           std::ranges::find(advisory.quirks, finding.id) != advisory.quirks.end();
  });
  return found == findings.end() ? nullptr : &*found;
}

Finding finding_for(const Advisory& advisory, const RunFacts& run, const Finding* shown) {
  const auto known_by =
      shown != nullptr
          ? fmt::format("Recognised by behaviour ({}).", shown->id)
          : fmt::format("Recognised by manufacturer and firmware ({} {}){}.",
                        run.tpm.manufacturer.value_or("?"), run.tpm.firmware.value_or("?"),
                        advisory.certain ? "" : ", which does not decide it");
  return {advisory.id,
          severity_of(advisory.severity),
          advisory.title,
          fmt::format("{} {}", advisory.meaning, known_by),
          fmt::format("{} Source: {}.", advisory.advice, fmt::join(advisory.sources, "; ")),
          shown != nullptr ? shown->probes : std::vector<std::string>{"identity"}};
}

}  // namespace

std::vector<Finding> with_advisories(std::vector<Finding> findings, const RunFacts& run) {
  const FirmwareFacts facts = facts_of(run);
  std::vector<Finding> added;
  for (const Advisory& advisory : knowledge::advisories()) {
    const Finding* shown = shown_by(advisory, findings);
    if (shown != nullptr || is_about(advisory, facts)) {
      added.push_back(finding_for(advisory, run, shown));
    }
  }
  std::ranges::move(added, std::back_inserter(findings));
  std::ranges::stable_sort(findings, std::ranges::greater{}, &Finding::severity);
  return findings;
}

}  // namespace tpmprobe::reports
