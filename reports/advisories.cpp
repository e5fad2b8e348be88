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

FirmwareFacts facts_of(const Report& report) {
  FirmwareFacts facts;
  facts.manufacturer = report.tpm.manufacturer.value_or("");
  facts.version = firmware_version(report);
  if (report.capabilities) {
    facts.specification_year = report.capabilities->property(knowledge::kPtYear);
  }
  return facts;
}

/// The finding of the defect that shows the advisory in this run, or null.
const Finding* shown_by(const Advisory& advisory, const Report& report) {
  const auto found = std::ranges::find_if(report.findings, [&](const Finding& finding) {
    return !finding.probes.empty() &&
           std::ranges::find(advisory.quirks, finding.id) != advisory.quirks.end();
  });
  return found == report.findings.end() ? nullptr : &*found;
}

Finding finding_for(const Advisory& advisory, const Report& report, const Finding* shown) {
  const auto known_by =
      shown != nullptr
          ? fmt::format("Recognised by behaviour ({}).", shown->id)
          : fmt::format("Recognised by manufacturer and firmware ({} {}){}.",
                        report.tpm.manufacturer.value_or("?"), report.tpm.firmware.value_or("?"),
                        advisory.certain ? "" : ", which does not decide it");
  return {advisory.id,
          severity_of(advisory.severity),
          advisory.title,
          fmt::format("{} {}", advisory.meaning, known_by),
          fmt::format("{} Source: {}.", advisory.advice, fmt::join(advisory.sources, "; ")),
          shown != nullptr ? shown->probes : std::vector<std::string>{"identity"}};
}

}  // namespace

void add_advisories(Report& report) {
  const FirmwareFacts facts = facts_of(report);
  std::vector<Finding> found;
  for (const Advisory& advisory : knowledge::advisories()) {
    const Finding* shown = shown_by(advisory, report);
    if (shown != nullptr || is_about(advisory, facts)) {
      found.push_back(finding_for(advisory, report, shown));
    }
  }
  std::ranges::move(found, std::back_inserter(report.findings));
  std::ranges::stable_sort(report.findings, std::ranges::greater{}, &Finding::severity);
}

}  // namespace tpmprobe::reports
