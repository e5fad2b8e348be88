// SPDX-License-Identifier: BSD-2-Clause
#include "explain/known.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "explain/read/codes_text.h"

namespace tpmprobe::explain {
namespace {

using Json = nlohmann::json;

/// The text of a member, empty if it is null, absent or of another type.
std::string text_of(const Json& object, const char* key) {
  const auto member = object.find(key);
  return member != object.end() && member->is_string() ? member->get<std::string>() : "";
}

const Json& list_of(const Json& object, const char* key) {
  static const Json kNone = Json::array();
  const auto member = object.find(key);
  return member != object.end() && member->is_array() ? *member : kNone;
}

const Json* find_finding(const Json& report, const std::string& id) {
  const auto& findings = list_of(report, "findings");
  const auto found = std::ranges::find_if(findings, [&](const Json& finding) {
    return finding.is_object() && !id.empty() && text_of(finding, "id") == id;
  });
  return found == findings.end() ? nullptr : &*found;
}

const knowledge::CommandInfo* command_of(const Json& result) {
  const auto command = result.find("command");
  const bool named = command != result.end() && command->is_object();
  return named ? knowledge::find_command(text_of(*command, "name")) : nullptr;
}

std::optional<KnownAnswer> answer_of(const Json& result, const Json& report) {
  if (!result.is_object()) return std::nullopt;
  const auto code = read_code(text_of(result, "rc"));
  if (!code || code->code == 0) return std::nullopt;
  KnownAnswer answer{code->code, command_of(result), text_of(result, "id"), {}, {}, false};
  const Json* finding = find_finding(report, text_of(result, "quirk"));
  answer.is_finding = finding != nullptr;
  answer.summary = finding ? text_of(*finding, "diagnosis") : text_of(result, "explanation");
  answer.advice = text_of(finding ? *finding : result, "advice");
  return answer.summary.empty() ? std::nullopt : std::optional(std::move(answer));
}

const KnownAnswer* find_answer(const KnownTpm& tpm, const Explanation& explanation) {
  const auto fits = [&](const KnownAnswer& answer) {
    return answer.rc == explanation.decoded.value &&
           (explanation.command == nullptr || answer.command == explanation.command);
  };
  const KnownAnswer* best = nullptr;
  for (const KnownAnswer& answer : tpm.answers) {
    const bool better = best == nullptr || (answer.is_finding && !best->is_finding);
    if (fits(answer) && better) best = &answer;
  }
  return best;
}

ExplainedCause cause_of(const KnownAnswer& answer, const KnownTpm& tpm,
                        const Explanation& explanation) {
  ExplainedCause cause;
  if (const auto* first = first_cause(explanation)) cause.cause_class = first->cause_class;
  cause.summary = answer.summary;
  cause.confirm = fmt::format("Seen on this TPM ({}) by the probe {}: nothing is left to confirm.",
                              tpm.name, answer.probe);
  cause.fix = answer.advice;
  return cause;
}

}  // namespace

tl::expected<KnownTpm, std::string> read_known_tpm(std::string_view json) {
  const Json report = Json::parse(json, nullptr, false);
  if (!report.is_object() || !report.contains("results") || !report.contains("tpm")) {
    return tl::unexpected(std::string("is no JSON report of tpmprobe"));
  }
  KnownTpm tpm;
  const Json& identity = report.at("tpm");
  if (identity.is_object()) {
    tpm.name =
        fmt::format("{} {}", text_of(identity, "manufacturer"), text_of(identity, "firmware"));
  }
  for (const Json& result : list_of(report, "results")) {
    if (auto answer = answer_of(result, report)) tpm.answers.push_back(*std::move(answer));
  }
  return tpm;
}

void sharpen(ExplainedText& text, const KnownTpm& tpm) {
  for (auto& logged : text.explanations) {
    if (logged.explanation.message != nullptr) continue;
    if (const auto* answer = find_answer(tpm, logged.explanation)) {
      auto cause = cause_of(*answer, tpm, logged.explanation);
      logged.explanation = with_known_cause(std::move(logged.explanation), std::move(cause));
    }
  }
}

}  // namespace tpmprobe::explain
