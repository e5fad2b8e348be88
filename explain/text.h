// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <iosfwd>

#include "explain/log.h"
#include "text/style.h"

namespace tpmprobe::explain {

/// Writes one explanation for a person: a first line that stands alone, what the bits say, and the
/// causes in order, each with how to confirm and what to do.
void write_text(const Explanation& explanation, const text::TextStyle& style, std::ostream& out);

/// Writes all explanations: of words each in full; of a log one line each, and then in full the one
/// to read first.
void write_text(const ExplainedText& text, const text::TextStyle& style, std::ostream& out);

}  // namespace tpmprobe::explain
