// SPDX-License-Identifier: BSD-2-Clause
#include "reports/json/json_report.h"

#include <ostream>

#include "reports/json/parts.h"
#include "reports/json/values.h"
#include "reports/summary.h"

namespace tpmprobe::reports {
namespace {

using json::array_of;
using json::Json;
using json::text_or_null;

Json invocation(const Invocation& invocation) {
  return {{"argv", invocation.argv},
          {"started", text_or_null(invocation.started)},
          {"duration_ms", json::milliseconds(invocation.duration_ms)},
          {"exit_code", invocation.exit_code}};
}

Json host(const Host& host) {
  Json packages = Json::object();
  for (const auto& [name, version] : host.packages) packages[name] = text_or_null(version);
  return {{"kernel", text_or_null(host.kernel)},
          {"distribution", text_or_null(host.distribution)},
          {"architecture", text_or_null(host.architecture)},
          {"packages", packages}};
}

Json use(const Use& use) {
  return {{"id", use.id},
          {"title", use.title},
          {"verdict", to_string(use.verdict)},
          {"reasons", use.reasons}};
}

Json finding(const Finding& finding) {
  return {{"id", finding.id},
          {"severity", to_string(finding.severity)},
          {"title", finding.title},
          {"diagnosis", text_or_null(finding.diagnosis)},
          {"advice", text_or_null(finding.advice)},
          {"probes", finding.probes}};
}

Json advice(const Advice& advice) {
  return {{"use", advice.use}, {"text", advice.text}};
}

Json summary(const Report& report) {
  Json counts = Json::object();
  for (const auto verdict : kVerdicts) {
    counts[std::string(to_string(verdict))] = count(report, verdict);
  }
  return {{"counts", counts},
          {"recommended", array_of(report.recommended, advice)},
          {"avoid", array_of(report.avoid, advice)}};
}

Json whole(const Report& report) {
  return {{"schema_version", kReportSchemaVersion},
          {"tool", {{"name", "tpmprobe"}, {"version", report.tool_version}}},
          {"invocation", invocation(report.invocation)},
          {"host", host(report.host)},
          {"tpm", json::tpm(report)},
          {"capabilities", json::capabilities(report)},
          {"results", json::results(report)},
          {"uses", array_of(report.uses, use)},
          {"findings", array_of(report.findings, finding)},
          {"summary", summary(report)}};
}

}  // namespace

void write_json(const Report& report, std::ostream& out) {
  constexpr int kIndent = 2;
  out << whole(report).dump(kIndent, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace tpmprobe::reports
