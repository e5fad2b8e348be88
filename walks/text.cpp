// SPDX-License-Identifier: BSD-2-Clause
#include "walks/text.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "reports/privacy.h"
#include "reports/text/details.h"
#include "reports/text/sections.h"
#include "text/page.h"

namespace tpmprobe::walks {

/// What became of each way and step: text/walk.cpp.
void write_walk(const reports::Report& report, text::Page& page);

void write_walk_text(const reports::Report& report, const text::TextStyle& style,
                     std::ostream& out) {
  const reports::Report shown = reports::cleaned(report, style.unicode);
  text::Page page(out, style);
  write_walk(shown, page);
  reports::plain::write_advice(shown, page);
  reports::plain::write_findings(shown, page);
  reports::plain::write_failed_steps(shown, page);
}

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

bool is_step_of(const Result& result, const ProbeId& way) {
  return without_step(result.id) == way;
}

bool is_one_of(const auto& steps, const Result& result) {
  return !result.id.step.empty() && std::ranges::count(steps, result.id.step) > 0;
}

text::Cell cell_of(const Result& result, const text::Page& page) {
  const text::Mark& mark = reports::plain::mark_of(result.verdict);
  std::string text(page.symbol(mark));
  if (result.verdict != Verdict::pass && result.layer) text += " " + *result.layer;
  if (result.verdict != Verdict::pass) return {text, mark.colour};
  if (result.id.step == "identity-file") text += " named key";
  return {text, mark.colour};
}

/// Not a step of one way: "fapi.profiles", "ssh.server".
bool is_of_all(const Result& result) {
  return result.id.way.empty();
}

std::vector<ProbeId> ways_of(const reports::Report& report) {
  std::vector<ProbeId> ways;
  for (const auto& reported : report.results) {
    if (is_of_all(reported.result)) continue;
    auto way = without_step(reported.result.id);
    if (ways.empty() || ways.back() != way) ways.push_back(std::move(way));
  }
  return ways;
}

bool has_step(const reports::Report& report, const StepColumn& column) {
  return std::ranges::any_of(report.results, [&](const auto& reported) {
    return is_one_of(column.steps, reported.result);
  });
}

std::vector<text::Cell> row_of(const reports::Report& report, const ProbeId& way,
                               const text::Page& page) {
  std::vector<text::Cell> row{{to_string(way)}};
  for (const auto& column : kColumns) {
    if (!has_step(report, column)) continue;
    text::Cell cell;
    for (const auto& reported : report.results) {
      const auto& result = reported.result;
      if (is_step_of(result, way) && is_one_of(column.steps, result)) {
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
    return !is_of_all(reported.result) && reported.result.id.step == step;
  });
}

/// FAPI ends with a signature, or where nothing may be provisioned with a look at the profile.
Goal goal_of(const reports::Report& report) {
  if (has_step_named(report, "sign")) return {"FAPI profiles can sign", {"sign"}};
  if (has_step_named(report, "fits")) return {"FAPI profiles work with this TPM", {"fits"}};
  if (has_step_named(report, "parent"))
    return {"primary keys of the store are proven to be in this TPM", {"tokens"}};
  return {"ways lead to an ssh login", {"login", "identity-file"}};
}

std::string headline(const reports::Report& report, const std::vector<ProbeId>& ways) {
  if (ways.empty()) return "nothing could be tried";
  const auto goal = goal_of(report);
  const auto comes_to_its_end = [&](const ProbeId& way) {
    return std::ranges::any_of(report.results, [&](const auto& reported) {
      return is_step_of(reported.result, way) && is_one_of(goal.steps, reported.result) &&
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

void write_table(const reports::Report& report, const std::vector<ProbeId>& ways,
                 text::Page& page) {
  if (ways.empty()) return;
  page.heading("Steps");
  std::vector<text::Column> columns{{"way", text::Column::Align::left, false, true}};
  for (const auto& column : kColumns) {
    if (has_step(report, column)) columns.push_back({std::string(column.title)});
  }
  text::Table table(columns);
  for (const auto& way : ways) table.add_row(row_of(report, way, page));
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
