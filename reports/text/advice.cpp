// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "reports/text/marks.h"
#include "reports/text/sections.h"
#include "reports/units.h"

namespace tpmprobe::reports::plain {
namespace {

std::string milliseconds(const std::optional<double>& time) {
  return time ? milliseconds_in_words(*time) : "";
}

/// " A login takes 3.1 ms, a new key 12 ms."
std::string speed(const Use& use) {
  const auto login = milliseconds(use.sign_ms), key = milliseconds(use.keygen_ms);
  if (use.sign_ms && use.keygen_ms) {
    return fmt::format(" A login takes {}, a new key {}.", login, key);
  }
  if (use.sign_ms) return fmt::format(" A login takes {}.", login);
  return use.keygen_ms ? fmt::format(" A new key takes {}.", key) : "";
}

std::string speed_of(const Report& report, const std::string& id) {
  const auto use = std::ranges::find(report.uses, id, &Use::id);
  return use == report.uses.end() ? "" : speed(*use);
}

void write_list(const Report& report, const std::vector<Advice>& list, const text::Mark& mark,
                text::Page& page) {
  text::Table table({{""}, {"", text::Column::Align::left, true}});
  for (const auto& advice : list) {
    const auto lead = fmt::format("{} {}", page.symbol(mark), advice.use);
    table.add_row({{lead, mark.colour}, {advice.text + speed_of(report, advice.use)}});
  }
  page.table(table);
}

}  // namespace

void write_advice(const Report& report, text::Page& page) {
  if (!report.recommended.empty()) {
    page.heading("Use");
    write_list(report, report.recommended, mark_of(Usability::usable), page);
  }
  if (!report.avoid.empty()) {
    page.heading("Avoid, and why");
    write_list(report, report.avoid, mark_of(Usability::not_usable), page);
  }
}

void write_uses(const Report& report, text::Page& page) {
  if (report.uses.empty()) return;
  page.heading("All uses");
  text::Table table({{"use"},
                     {"verdict"},
                     {"login", text::Column::Align::right},
                     {"new key", text::Column::Align::right},
                     {"why", text::Column::Align::left, true}});
  for (const auto& use : report.uses) {
    table.add_row({{use.id},
                   page.cell(mark_of(use.verdict)),
                   {milliseconds(use.sign_ms)},
                   {milliseconds(use.keygen_ms)},
                   {text::joined(use.reasons, " ")}});
  }
  page.table(table);
}

}  // namespace tpmprobe::reports::plain
