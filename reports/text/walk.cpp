// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "reports/text/marks.h"
#include "reports/text/sections.h"

namespace tpmprobe::reports::text {
namespace {

using probes::Result;
using probes::Verdict;

/// The columns, and the steps that they are.
struct StepColumn {
  std::string_view title;
  std::array<std::string_view, 3> steps;
};

constexpr std::array kColumns{
    StepColumn{"token", {"token"}},           StepColumn{"key", {"key", "addkey", "import"}},
    StepColumn{"public key", {"public-key"}}, StepColumn{"login", {"login"}},
    StepColumn{"agent", {"agent"}},           StepColumn{"wrong PIN", {"wrong-pin"}},
    StepColumn{"provision", {"provision"}},   StepColumn{"sign", {"sign"}},
    StepColumn{"profiles", {"profiles"}},     StepColumn{"EK certificate", {"ek-certificate"}}};

std::string_view way_of(const Result& result) {
  return std::string_view(result.id).substr(0, result.id.rfind('.'));
}

std::string_view step_of(const Result& result) {
  return std::string_view(result.id).substr(result.id.rfind('.') + 1);
}

Cell cell_of(const Result& result, const Page& page) {
  const Mark& mark = mark_of(result.verdict);
  std::string text(page.symbol(mark));
  if (result.verdict != Verdict::pass && result.layer) text += " " + *result.layer;
  if (result.verdict == Verdict::pass && step_of(result) == "wrong-pin") text += " refused";
  return {text, mark.colour};
}

std::vector<std::string_view> ways_of(const Report& report) {
  std::vector<std::string_view> ways;
  for (const auto& reported : report.results) {
    const auto way = way_of(reported.result);
    if (ways.empty() || ways.back() != way) ways.push_back(way);
  }
  return ways;
}

bool has_step(const Report& report, const StepColumn& column) {
  return std::ranges::any_of(report.results, [&](const auto& reported) {
    return std::ranges::count(column.steps, step_of(reported.result)) > 0;
  });
}

std::vector<Cell> row_of(const Report& report, std::string_view way, const Page& page) {
  std::vector<Cell> row{{std::string(way)}};
  for (const auto& column : kColumns) {
    if (!has_step(report, column)) continue;
    Cell cell;
    for (const auto& reported : report.results) {
      const auto& result = reported.result;
      if (way_of(result) == way && std::ranges::count(column.steps, step_of(result)) > 0) {
        cell = cell_of(result, page);
      }
    }
    row.push_back(std::move(cell));
  }
  return row;
}

/// At its end is a login, or with FAPI a signature.
bool comes_to_its_end(const Report& report, std::string_view way) {
  return std::ranges::any_of(report.results, [&](const auto& reported) {
    const auto step = step_of(reported.result);
    return way_of(reported.result) == way && (step == "login" || step == "sign") &&
           reported.result.verdict == Verdict::pass;
  });
}

std::string headline(const Report& report, const std::vector<std::string_view>& ways) {
  const bool fapi = std::ranges::count(ways, "fapi") > 0;
  const auto good =
      std::ranges::count_if(ways, [&](auto way) { return comes_to_its_end(report, way); });
  return fmt::format("{} of {} {}{}", good, ways.size() - (fapi ? 1 : 0),
                     fapi ? "profiles of FAPI sign" : "ways lead to an ssh login",
                     report.findings.empty() ? ", nothing unexpected" : "");
}

}  // namespace

void write_walk(const Report& report, Page& page) {
  const auto ways = ways_of(report);
  page.item(mark_of(report.findings.empty() ? Verdict::pass : Verdict::fail),
            headline(report, ways), 0, kStrong);
  write_identity(report, page);
  page.heading("Steps");
  std::vector<Column> columns{{"way"}};
  for (const auto& column : kColumns) {
    if (has_step(report, column)) columns.push_back({std::string(column.title)});
  }
  Table table(columns);
  for (const auto way : ways) table.add_row(row_of(report, way, page));
  page.table(table);
  for (const auto& reported : report.results) {
    const auto& result = reported.result;
    if (result.verdict != Verdict::pass || !result.advice) continue;
    page.item(mark_of(Verdict::pass), result.actual, 2, kStrong);
  }
}

}  // namespace tpmprobe::reports::text
