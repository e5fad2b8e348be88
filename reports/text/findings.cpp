// SPDX-License-Identifier: BSD-2-Clause
#include <fmt/format.h>

#include "reports/text/marks.h"
#include "reports/text/sections.h"

namespace tpmprobe::reports::plain {
namespace {

constexpr int kRecordIndent = 4;

void write_finding(const Finding& finding, text::Page& page) {
  const text::Mark& mark = mark_of(finding.severity);
  page.item(mark, fmt::format("{}: {} [{}]", mark.word, finding.title, finding.id), 2,
            text::kStrong);
  page.record({{"why", finding.diagnosis},
               {"do", finding.advice},
               {"seen in", text::joined(finding.probes)}},
              kRecordIndent);
}

}  // namespace

void write_findings(const Report& report, text::Page& page) {
  if (report.findings.empty()) return;
  page.heading("Findings");
  for (const auto& finding : report.findings) write_finding(finding, page);
}

}  // namespace tpmprobe::reports::plain
