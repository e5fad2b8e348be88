// SPDX-License-Identifier: BSD-2-Clause
#include "reports/text/marks.h"

#include <array>
#include <cstddef>

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

}  // namespace tpmprobe::reports::plain
