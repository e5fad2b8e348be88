// SPDX-License-Identifier: BSD-2-Clause
#include "reports/report_strings.h"

#include <optional>
#include <vector>

#include "text/clean_text.h"

namespace tpmprobe::reports {
namespace {

void each(std::vector<std::string>& texts, const StringVisitor& visit) {
  for (auto& text : texts) visit(text);
}

void each(std::optional<std::string>& text, const StringVisitor& visit) {
  if (text) visit(*text);
}

void visit_result_texts(ReportedResult& reported, const StringVisitor& visit) {
  visit(reported.result.expected);
  visit(reported.result.actual);
  each(reported.result.cause, visit);
  each(reported.result.advice, visit);
  each(reported.result.verified_by, visit);
  each(reported.result.lines, visit);
  each(reported.explanation, visit);
  each(reported.advice, visit);
}

void visit_place_texts(Report& report, const StringVisitor& visit) {
  each(report.invocation.argv, visit);
  visit(report.host.kernel);
  visit(report.host.distribution);
  for (auto& package : report.host.packages) visit(package.second);
  visit(report.tpm.kind_reason);
  visit(report.tpm.transport);
  if (!report.emulation) return;
  each(report.emulation->firmware, visit);
  each(report.emulation->quirks, visit);
  each(report.emulation->missing, visit);
}

void visit_identity(Identity& tpm, const StringVisitor& visit) {
  for (auto* word :
       {&tpm.manufacturer, &tpm.manufacturer_name, &tpm.vendor_string, &tpm.firmware,
        &tpm.spec_revision, &tpm.spec_date, &tpm.spec_level, &tpm.ptp, &tpm.owner_primary_name}) {
    each(*word, visit);
  }
  for (auto& hierarchy : tpm.hierarchies) visit(hierarchy.name);
}

}  // namespace

void visit_texts(Report& report, const StringVisitor& visit) {
  visit_place_texts(report, visit);
  for (auto& reported : report.results) visit_result_texts(reported, visit);
  for (auto& use : report.uses) each(use.reasons, visit);
  for (auto& finding : report.findings) {
    visit(finding.diagnosis);
    visit(finding.advice);
  }
  for (auto* list : {&report.recommended, &report.avoid}) {
    for (auto& advice : *list) visit(advice.text);
  }
}

void visit_names(Report& report, const StringVisitor& visit) {
  visit(report.tool_version);
  visit(report.invocation.started);
  visit(report.host.architecture);
  for (auto& package : report.host.packages) visit(package.first);
  visit_identity(report.tpm, visit);
  for (auto& reported : report.results) {
    auto id = to_string(reported.result.id);
    visit(id);
    reported.result.id = parse_id(id);
    visit(reported.result.title);
    each(reported.result.quirk, visit);
  }
  for (auto& use : report.uses) {
    visit(use.id);
    visit(use.title);
  }
  for (auto& finding : report.findings) {
    visit(finding.id);
    visit(finding.title);
    each(finding.probes, visit);
  }
  for (auto* list : {&report.recommended, &report.avoid}) {
    for (auto& advice : *list) visit(advice.use);
  }
}

Report cleaned(const Report& report, bool unicode) {
  Report copy = report;
  const auto clean_it = [=](std::string& text) { text = text::clean(text, unicode); };
  visit_texts(copy, clean_it);
  visit_names(copy, clean_it);
  return copy;
}

}  // namespace tpmprobe::reports
