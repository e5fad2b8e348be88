// SPDX-License-Identifier: BSD-2-Clause
#include "reports/doctor_report.h"

#include <algorithm>
#include <array>
#include <ostream>

#include <fmt/format.h>

#include "reports/clean_text.h"
#include "reports/json/values.h"
#include "reports/text/page.h"

namespace tpmprobe::reports {
namespace {

using probes::Health;

constexpr std::array kHealths{Health::fail, Health::warn, Health::unknown, Health::ok};

const text::Mark& mark_of(Health health) {
  static constexpr text::Mark kOk{"✔", "+", "ok", text::kGood};
  static constexpr text::Mark kWarn{"▲", "!", "warn", text::kBad};
  static constexpr text::Mark kFail{"✘", "x", "fail", text::kBad};
  static constexpr text::Mark kUnknown{"?", "?", "unknown", text::kFaint};
  switch (health) {
    case Health::ok:
      return kOk;
    case Health::warn:
      return kWarn;
    case Health::fail:
      return kFail;
    case Health::unknown:
      break;
  }
  return kUnknown;
}

auto count(const probes::Diagnoses& lines, Health health) {
  return std::ranges::count(lines, health, &probes::Diagnosis::health);
}

}  // namespace

void write_doctor_text(const probes::Diagnoses& lines, const TextStyle& style, std::ostream& out) {
  text::Page page(out, style);
  Table table({{""}, {""}, {"", Column::Align::left, true}}, 0);
  for (const auto& line : lines) {
    const auto& mark = mark_of(line.health);
    table.add_row({page.cell(mark), {line.id}, {clean(line.evidence, style.unicode)}});
    if (line.fix.empty()) continue;
    table.add_row({{}, {"do", text::kFaint}, {clean(line.fix, style.unicode), text::kStrong}});
  }
  page.table(table);
}

void write_doctor_json(const probes::Diagnoses& lines, const std::string& tool_version,
                       std::ostream& out) {
  json::Json checks = json::Json::array();
  for (const auto& line : lines) {
    checks.push_back({{"id", line.id},
                      {"health", probes::to_string(line.health)},
                      {"evidence", line.evidence},
                      {"fix", json::text_or_null(line.fix)}});
  }
  json::Json summary;
  for (const auto health : kHealths) {
    summary[std::string(probes::to_string(health))] = count(lines, health);
  }
  const json::Json report{{"schema_version", "1.0"},
                          {"tool", {{"name", "tpmprobe"}, {"version", tool_version}}},
                          {"checks", std::move(checks)},
                          {"summary", std::move(summary)}};
  out << report.dump(2, ' ', false, json::Json::error_handler_t::replace) << '\n';
}

}  // namespace tpmprobe::reports
