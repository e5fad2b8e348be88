// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <iosfwd>

#include "reports/explain_log.h"
#include "reports/style.h"

namespace tpmprobe::reports {

/// Writes one explanation for a person: a first line that stands alone, what the bits say, and the
/// causes in order, each with how to confirm and what to do.
void write_text(const Explanation& explanation, const TextStyle& style, std::ostream& out);

/// Writes all explanations: of words each in full; of a log one line each, and then in full the one
/// to read first.
void write_text(const ExplainedText& text, const TextStyle& style, std::ostream& out);

}  // namespace tpmprobe::reports
