// SPDX-License-Identifier: BSD-2-Clause
#include "knowledge/text.h"
#include "reports/json/parts.h"
#include "reports/json/values.h"

namespace tpmprobe::reports::json {
namespace {

Json code(const std::optional<std::uint32_t>& rc) {
  return rc ? Json(knowledge::hex(*rc, kCodeDigits)) : Json(nullptr);
}

Json command(const std::optional<std::uint32_t>& code) {
  return code ? named_command(*code) : Json(nullptr);
}

/// The first text that is there: what the probe knows goes before what is true in general.
Json first_of(const std::optional<std::string>& first, const std::optional<std::string>& second) {
  return text_or_null(first ? first : second);
}

Json result(const ReportedResult& reported) {
  const auto& result = reported.result;
  Json json{{"id", to_string(result.id)},
            {"title", result.title},
            {"verdict", to_string(result.verdict)},
            {"duration_ms", milliseconds(result.duration_ms)},
            {"tpm_commands", result.tpm_commands},
            {"tpm_ms", milliseconds(result.tpm_ms)},
            {"expected", text_or_null(result.expected)},
            {"actual", text_or_null(result.actual)},
            {"rc", code(result.rc)},
            {"command", command(result.command)},
            {"explanation", first_of(reported.explanation, result.cause)},
            {"advice", first_of(result.advice, reported.advice)},
            {"quirk", text_or_null(result.quirk)},
            {"verified_by", result.verified_by},
            {"evidence", result.evidence}};
  if (result.layer) json["layer"] = *result.layer;
  if (!result.lines.empty()) json["lines"] = result.lines;
  return json;
}

}  // namespace

Json results(const Report& report) {
  return array_of(report.results, result);
}

}  // namespace tpmprobe::reports::json
