// SPDX-License-Identifier: BSD-2-Clause
#include "explain/known.h"

#include <fmt/format.h>

namespace tpmprobe::explain {
namespace {

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
  cause.confirm =
      fmt::format("Already seen on this TPM ({}) by the probe {}: nothing left to confirm.",
                  tpm.name, answer.probe);
  cause.fix = answer.advice;
  return cause;
}

}  // namespace

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
