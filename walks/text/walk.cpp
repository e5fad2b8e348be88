// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "reports/text/marks.h"
#include "reports/text/sections.h"

namespace tpmprobe::walks {
namespace {

/// The columns, and the steps that they are.
struct StepColumn {
  std::string_view title;
  std::array<std::string_view, 3> steps;
};

constexpr std::array kColumns{StepColumn{"token", {"token"}},
                              StepColumn{"key", {"key", "addkey", "import"}},
                              StepColumn{"public key", {"public-key"}},
                              StepColumn{"login", {"login"}},
                              StepColumn{"agent", {"agent", "identity-file"}},
                              StepColumn{"wrong PIN", {"wrong-pin"}},
                              StepColumn{"fits", {"fits"}},
                              StepColumn{"provision", {"provision"}},
                              StepColumn{"sign", {"sign"}},
                              StepColumn{"EK certificate", {"ek-certificate"}},
                              StepColumn{"parent", {"parent"}},
                              StepColumn{"tokens", {"tokens"}}};

std::string_view way_of(const Result& result) {
  return std::string_view(result.id).substr(0, result.id.rfind('.'));
}

std::string_view step_of(const Result& result) {
  return std::string_view(result.id).substr(result.id.rfind('.') + 1);
}

text::Cell cell_of(const Result& result, const text::Page& page) {
  const text::Mark& mark = reports::plain::mark_of(result.verdict);
  std::string text(page.symbol(mark));
  if (result.verdict != Verdict::pass && result.layer) text += " " + *result.layer;
  if (result.verdict != Verdict::pass) return {text, mark.colour};
  if (step_of(result) == "identity-file") text += " named key";
  return {text, mark.colour};
}

/// Not a step of one way: "fapi.profiles", "ssh.server".
bool is_of_all(const Result& result) {
  return way_of(result).find('.') == std::string_view::npos;
}

std::vector<std::string_view> ways_of(const reports::Report& report) {
  std::vector<std::string_view> ways;
  for (const auto& reported : report.results) {
    if (is_of_all(reported.result)) continue;
    const auto way = way_of(reported.result);
    if (ways.empty() || ways.back() != way) ways.push_back(way);
  }
  return ways;
}

bool has_step(const reports::Report& report, const StepColumn& column) {
  return std::ranges::any_of(report.results, [&](const auto& reported) {
    return std::ranges::count(column.steps, step_of(reported.result)) > 0;
  });
}

std::vector<text::Cell> row_of(const reports::Report& report, std::string_view way,
                               const text::Page& page) {
  std::vector<text::Cell> row{{std::string(way)}};
  for (const auto& column : kColumns) {
    if (!has_step(report, column)) continue;
    text::Cell cell;
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

/// What a kind of walk leads to, and the steps that are its end.
struct Goal {
  std::string_view words;
  std::array<std::string_view, 2> steps;
};

bool has_step_named(const reports::Report& report, std::string_view step) {
  return std::ranges::any_of(report.results, [&](const auto& reported) {
    return !is_of_all(reported.result) && step_of(reported.result) == step;
  });
}

/// FAPI ends with a signature, or where nothing may be provisioned with a look at the profile.
Goal goal_of(const reports::Report& report) {
  if (has_step_named(report, "sign")) return {"profiles of FAPI sign", {"sign"}};
  if (has_step_named(report, "fits")) return {"profiles of FAPI fit", {"fits"}};
  if (has_step_named(report, "parent"))
    return {"primaries of the store are proved to be in this TPM", {"tokens"}};
  return {"ways lead to an ssh login", {"login", "identity-file"}};
}

std::string headline(const reports::Report& report, const std::vector<std::string_view>& ways) {
  if (ways.empty()) return "nothing could be tried";
  const auto goal = goal_of(report);
  const auto comes_to_its_end = [&](std::string_view way) {
    return std::ranges::any_of(report.results, [&](const auto& reported) {
      return way_of(reported.result) == way &&
             std::ranges::count(goal.steps, step_of(reported.result)) > 0 &&
             reported.result.verdict == Verdict::pass;
    });
  };
  return fmt::format("{} of {} {}{}", std::ranges::count_if(ways, comes_to_its_end), ways.size(),
                     goal.words, report.findings.empty() ? ", nothing unexpected" : "");
}

/// What is said of all ways; what did not pass comes later with its reasons.
void write_general_steps(const reports::Report& report, text::Page& page) {
  for (const auto& reported : report.results) {
    const auto& result = reported.result;
    if (!is_of_all(result) || result.verdict != Verdict::pass) continue;
    page.item(reports::plain::mark_of(Verdict::pass),
              fmt::format("{}: {}", result.title, result.actual), 2,
              result.advice ? text::kStrong : std::string_view());
  }
}

void write_table(const reports::Report& report, const std::vector<std::string_view>& ways,
                 text::Page& page) {
  if (ways.empty()) return;
  page.heading("Steps");
  std::vector<text::Column> columns{{"way", text::Column::Align::left, false, true}};
  for (const auto& column : kColumns) {
    if (has_step(report, column)) columns.push_back({std::string(column.title)});
  }
  text::Table table(columns);
  for (const auto way : ways) table.add_row(row_of(report, way, page));
  page.table(table);
}

}  // namespace

void write_walk(const reports::Report& report, text::Page& page) {
  const auto ways = ways_of(report);
  page.item(reports::plain::mark_of(report.findings.empty() ? Verdict::pass : Verdict::fail),
            headline(report, ways), 0, text::kStrong);
  reports::plain::write_identity(report, page);
  write_table(report, ways, page);
  write_general_steps(report, page);
}

}  // namespace tpmprobe::walks
