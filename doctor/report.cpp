// SPDX-License-Identifier: BSD-2-Clause
#include "doctor/report.h"

#include <algorithm>
#include <array>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "text/clean_text.h"
#include "text/page.h"

namespace tpmprobe::doctor {
namespace {

using Json = nlohmann::ordered_json;

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

auto count(const Diagnoses& lines, Health health) {
  return std::ranges::count(lines, health, &Diagnosis::health);
}

}  // namespace

void write_doctor_text(const Diagnoses& lines, const text::TextStyle& style, std::ostream& out) {
  text::Page page(out, style);
  text::Table table({{""}, {""}, {"", text::Column::Align::left, true}}, 0);
  for (const auto& line : lines) {
    const auto& mark = mark_of(line.health);
    table.add_row({page.cell(mark), {line.id}, {text::clean(line.evidence, style.unicode)}});
    if (line.fix.empty()) continue;
    table.add_row(
        {{}, {"do", text::kFaint}, {text::clean(line.fix, style.unicode), text::kStrong}});
  }
  page.table(table);
}

void write_doctor_json(const Diagnoses& lines, const std::string& tool_version, std::ostream& out) {
  Json checks = Json::array();
  for (const auto& line : lines) {
    checks.push_back({{"id", line.id},
                      {"health", to_string(line.health)},
                      {"evidence", line.evidence},
                      {"fix", line.fix.empty() ? Json(nullptr) : Json(line.fix)}});
  }
  Json summary;
  for (const auto health : kHealths) {
    summary[std::string(to_string(health))] = count(lines, health);
  }
  const Json report{{"schema_version", "1.0"},
                    {"tool", {{"name", "tpmprobe"}, {"version", tool_version}}},
                    {"checks", std::move(checks)},
                    {"summary", std::move(summary)}};
  out << report.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace tpmprobe::doctor
