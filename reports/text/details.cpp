// SPDX-License-Identifier: BSD-2-Clause
#include "reports/text/details.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>

#include <fmt/format.h>

#include "explain/explanation.h"
#include "knowledge/text.h"
#include "reports/text/sections.h"

namespace tpmprobe::reports::plain {
namespace {

// By the order of the enumerations; the words are those of to_string().
constexpr std::array<text::Mark, 8> kVerdictMarks{{
    {"✔", "+", "pass", text::kGood},
    {"✘", "x", "fail", text::kBad},
    {"≠", "!", "mismatch", text::kBad},
    {"⚑", "q", "quirk", text::kBad},
    {"–", "-", "unsupported", text::kFaint},
    {"∅", "#", "blocked", text::kBad},
    {"?", "?", "error", text::kBad},
    {"…", "t", "timeout", text::kBad},
}};

constexpr std::array<text::Mark, 4> kUsabilityMarks{{
    {"✔", "+", "usable", text::kGood},
    {"~", "~", "limited", text::kBad},
    {"✘", "x", "not-usable", text::kBad},
    {"?", "?", "unknown", text::kFaint},
}};

constexpr std::array<text::Mark, 3> kSeverityMarks{{
    {"·", "i", "info", text::kFaint},
    {"▲", "!", "warning", text::kBad},
    {"✘", "x", "error", text::kBad},
}};

}  // namespace

const text::Mark& mark_of(Verdict verdict) {
  return kVerdictMarks.at(static_cast<std::size_t>(verdict));
}

const text::Mark& mark_of(Usability usability) {
  return kUsabilityMarks.at(static_cast<std::size_t>(usability));
}

const text::Mark& mark_of(Severity severity) {
  return kSeverityMarks.at(static_cast<std::size_t>(severity));
}

namespace {

constexpr int kRecordIndent = 4;
constexpr int kCodeDigits = 3;

/// Results that a warning or error rests on.
std::set<std::string> evidence(const Report& report) {
  std::set<std::string> ids;
  for (const auto& finding : report.findings) {
    if (finding.severity != Severity::info)
      ids.insert(finding.probes.begin(), finding.probes.end());
  }
  return ids;
}

bool deserves_details(const Result& result, const std::set<std::string>& evidence) {
  if (result.verdict == Verdict::pass) return false;
  return result.verdict != Verdict::unsupported || evidence.contains(to_string(result.id));
}

std::string command_in_words(const std::optional<std::uint32_t>& code) {
  if (!code) return "the TPM, or the software in front of it,";
  const auto* command = knowledge::find_command(*code);
  return command != nullptr ? explain::full_name(*command)
                            : "command " + knowledge::hex(*code, kCodeDigits);
}

/// "TPM2_Sign answered 0x1d5"
std::string answer(const Result& result) {
  if (!result.rc) return {};
  return fmt::format("{} answered {}", command_in_words(result.command),
                     knowledge::hex(*result.rc, kCodeDigits));
}

/// The probe's own cause comes before what is true of the code in general.
std::string cause(const ReportedResult& reported) {
  const std::string own = reported.result.cause.value_or("");
  const std::string general = reported.explanation.value_or("");
  if (general.find(own) != std::string::npos) return general;
  return text::joined({own, general}, "; ");
}

std::string advice(const ReportedResult& reported) {
  return reported.result.advice.value_or(reported.advice.value_or(""));
}

void write_result(const ReportedResult& reported, text::Page& page) {
  const Result& result = reported.result;
  const text::Mark& mark = mark_of(result.verdict);
  auto line = fmt::format("{} {}: {}", mark.word, to_string(result.id), result.title);
  if (result.quirk) line += fmt::format(" [{}]", *result.quirk);
  page.item(mark, line, 2, mark.colour);
  for (const auto& text : result.lines) page.paragraph(text, kRecordIndent, text::kFaint);
  page.record({{"layer", result.layer.value_or("")},
               {"expected", result.expected},
               {"actual", result.actual},
               {"code", answer(result)},
               {"why", cause(reported)},
               {"do", advice(reported)}},
              kRecordIndent);
}

/// Ids with this verdict that neither the matrix nor the details have named.
std::vector<std::string> remaining(const Report& report, Verdict verdict) {
  std::vector<std::string> ids;
  const auto named = evidence(report);
  for (const auto& reported : report.results) {
    const auto& result = reported.result;
    if (result.verdict != verdict || result.id.family == Family::sign) continue;
    if (!deserves_details(result, named)) ids.push_back(to_string(result.id));
  }
  return ids;
}

}  // namespace

void write_details(const Report& report, text::Page& page) {
  const auto ids = evidence(report);
  bool titled = false;
  for (const auto& reported : report.results) {
    if (!deserves_details(reported.result, ids)) continue;
    if (!titled) page.heading("What did not pass");
    titled = true;
    write_result(reported, page);
  }
}

void write_failed_steps(const Report& report, text::Page& page) {
  const auto passed = [](const auto& reported) { return reported.result.verdict == Verdict::pass; };
  if (std::ranges::all_of(report.results, passed)) return;
  page.heading("What did not pass");
  for (const auto& reported : report.results) {
    if (!passed(reported)) write_result(reported, page);
  }
}

void write_other_probes(const Report& report, text::Page& page) {
  const auto works = remaining(report, Verdict::pass);
  const auto missing = remaining(report, Verdict::unsupported);
  if (works.empty() && missing.empty()) return;
  page.heading("Other probes");
  if (!works.empty()) page.item(mark_of(Verdict::pass), "pass: " + text::joined(works), 2);
  if (!missing.empty()) {
    page.item(mark_of(Verdict::unsupported), "not offered by this TPM: " + text::joined(missing),
              2);
  }
}

}  // namespace tpmprobe::reports::plain
