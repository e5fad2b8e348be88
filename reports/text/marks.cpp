// SPDX-License-Identifier: BSD-2-Clause
#include "reports/text/marks.h"

#include <array>
#include <cstddef>

namespace tpmprobe::reports::text {
namespace {

// By the order of the enumerations; the words are those of to_string().
constexpr std::array<Mark, 8> kVerdictMarks{{
    {"✔", "+", "pass", kGood},
    {"✘", "x", "fail", kBad},
    {"≠", "!", "mismatch", kBad},
    {"⚑", "q", "quirk", kBad},
    {"–", "-", "unsupported", kFaint},
    {"∅", "#", "blocked", kBad},
    {"?", "?", "error", kBad},
    {"…", "t", "timeout", kBad},
}};

constexpr std::array<Mark, 4> kUsabilityMarks{{
    {"✔", "+", "usable", kGood},
    {"~", "~", "limited", kBad},
    {"✘", "x", "not-usable", kBad},
    {"?", "?", "unknown", kFaint},
}};

constexpr std::array<Mark, 3> kSeverityMarks{{
    {"·", "i", "info", kFaint},
    {"▲", "!", "warning", kBad},
    {"✘", "x", "error", kBad},
}};

}  // namespace

const Mark& mark_of(probes::Verdict verdict) {
  return kVerdictMarks.at(static_cast<std::size_t>(verdict));
}

const Mark& mark_of(Usability usability) {
  return kUsabilityMarks.at(static_cast<std::size_t>(usability));
}

const Mark& mark_of(Severity severity) {
  return kSeverityMarks.at(static_cast<std::size_t>(severity));
}

}  // namespace tpmprobe::reports::text
