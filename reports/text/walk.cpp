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
    StepColumn{"agent", {"agent"}},           StepColumn{"wrong PIN", {"wrong-pin"}}};

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

std::vector<Cell> row_of(const Report& report, std::string_view way, const Page& page) {
  std::vector<Cell> row{{std::string(way)}};
  for (const auto& column : kColumns) {
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

bool logs_in(const Report& report, std::string_view way) {
  return std::ranges::any_of(report.results, [&](const auto& reported) {
    return way_of(reported.result) == way && step_of(reported.result) == "login" &&
           reported.result.verdict == Verdict::pass;
  });
}

}  // namespace

void write_walk(const Report& report, Page& page) {
  const auto ways = ways_of(report);
  const auto good = std::ranges::count_if(ways, [&](auto way) { return logs_in(report, way); });
  const bool clean = report.findings.empty();
  page.item(mark_of(clean ? Verdict::pass : Verdict::fail),
            fmt::format("{} of {} ways lead to an ssh login{}", good, ways.size(),
                        clean ? ", nothing unexpected" : ""),
            0, kStrong);
  write_identity(report, page);
  page.heading("Steps");
  std::vector<Column> columns{{"way"}};
  for (const auto& column : kColumns) columns.push_back({std::string(column.title)});
  Table table(columns);
  for (const auto way : ways) table.add_row(row_of(report, way, page));
  page.table(table);
}

}  // namespace tpmprobe::reports::text
