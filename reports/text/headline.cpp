// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <cstddef>
#include <optional>

#include <fmt/format.h>

#include "knowledge/uses.h"
#include "reports/summary.h"
#include "reports/text/details.h"
#include "reports/text/sections.h"

namespace tpmprobe::reports::plain {
namespace {

std::string counted(std::size_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

bool is_for_ssh(const Use& use) {
  const auto known = knowledge::uses();
  const auto info = std::ranges::find(known, use.id, &knowledge::UseInfo::id);
  return info != known.end() && info->kind == knowledge::UseKind::ssh;
}

bool can_do_ssh(const Report& report) {
  return std::ranges::any_of(report.uses, [](const Use& use) {
    return is_for_ssh(use) &&
           (use.verdict == Usability::usable || use.verdict == Usability::limited);
  });
}

bool knows_about_ssh(const Report& report) {
  return std::ranges::none_of(report.uses, [](const Use& use) {
    return is_for_ssh(use) && use.verdict == Usability::unknown;
  });
}

/// "61 of 74 probes pass, 13 not offered"
std::string probe_counts(const Report& report) {
  auto words =
      fmt::format("{} of {} probes pass", count(report, Verdict::pass), report.results.size());
  if (const auto missing = count(report, Verdict::unsupported); missing > 0) {
    words += fmt::format(", {} not offered", missing);
  }
  return words;
}

struct Headline {
  const text::Mark& mark;
  std::string text;
};

Headline unfinished(const Report& report) {
  const auto lost = std::ranges::count_if(report.results, [](const auto& reported) {
    return reported.result.verdict == Verdict::timeout || is_blocked_by_lockout(reported.result);
  });
  return {mark_of(Verdict::timeout),
          fmt::format("This report is incomplete: {} without a result; {}",
                      counted(static_cast<std::size_t>(lost), "probe"), probe_counts(report))};
}

Headline with_findings(const Report& report, std::size_t serious) {
  std::string_view judgement = "This TPM needs attention";
  if (can_do_ssh(report)) {
    judgement = "This TPM works for ssh, but not with every key";
  } else if (knows_about_ssh(report)) {
    judgement = "This TPM does not work for ssh";
  }
  return {mark_of(Severity::error),
          fmt::format("{}: {}, {}", judgement, counted(serious, "finding"), probe_counts(report))};
}

Headline without_findings(const Report& report) {
  if (can_do_ssh(report)) {
    return {mark_of(Verdict::pass),
            fmt::format("This TPM works for ssh: {}, nothing unexpected", probe_counts(report))};
  }
  if (knows_about_ssh(report)) {
    return {mark_of(Usability::not_usable),
            "This TPM does not work for ssh: " + probe_counts(report)};
  }
  return {mark_of(Usability::unknown),
          fmt::format("Nothing unexpected; ssh was not tested: {}", probe_counts(report))};
}

Headline headline(const Report& report) {
  if (report.tpm.failure_mode) {
    return {mark_of(Severity::error),
            "This TPM is in failure mode: it answers only queries about itself"};
  }
  if (is_incomplete(report)) return unfinished(report);
  const auto serious = count_serious(report);
  return serious > 0 ? with_findings(report, serious) : without_findings(report);
}

std::string kind_in_words(TpmKind kind) {
  if (kind == TpmKind::unknown) return {};
  if (kind == TpmKind::emulator) return "software TPM";
  return fmt::format("{} TPM", knowledge::kind_name(kind));
}

std::string maker(const Identity& tpm) {
  const std::string id = tpm.manufacturer.value_or("");
  const std::string name = tpm.manufacturer_name.value_or("");
  if (name.empty() || name == id) return id.empty() ? "unknown manufacturer" : id;
  return id.empty() ? name : fmt::format("{} ({})", name, id);
}

std::string vendor_words(const Identity& tpm) {
  if (!tpm.vendor_string || tpm.vendor_string == tpm.manufacturer) return {};
  return fmt::format("\"{}\"", *tpm.vendor_string);
}

void write_device(const Report& report, text::Page& page) {
  const auto& tpm = report.tpm;
  const std::string firmware = tpm.firmware ? "firmware " + *tpm.firmware : "firmware unknown";
  page.paragraph(text::joined({maker(tpm), vendor_words(tpm), firmware, kind_in_words(tpm.kind),
                               tpm.transport},
                              page.separator()),
                 2);
}

void write_emulation(const Emulation& emulation, text::Page& page) {
  std::vector<std::string> parts;
  if (emulation.firmware) parts.push_back("behaves as firmware " + *emulation.firmware);
  if (!emulation.quirks.empty()) parts.push_back("with quirk " + text::joined(emulation.quirks));
  if (!emulation.missing.empty())
    parts.push_back("cannot imitate " + text::joined(emulation.missing));
  if (parts.empty()) return;
  page.paragraph("Emulated: " + text::joined(parts, page.separator()), 2);
}

}  // namespace

void write_headline(const Report& report, text::Page& page) {
  const Headline line = headline(report);
  page.item(line.mark, line.text, 0, text::kStrong);
  write_identity(report, page);
}

void write_identity(const Report& report, text::Page& page) {
  write_device(report, page);
  if (report.emulation) write_emulation(*report.emulation, page);
}

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
