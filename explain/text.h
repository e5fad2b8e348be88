// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "explain/log.h"
#include "knowledge/rc.h"
#include "text/style.h"

namespace tpmprobe::explain {

/// Some neighbouring bits of a response code.
struct BitField {
  unsigned high = 0, low = 0;  ///< numbers of the bits, 0 the lowest
  std::string digits;          ///< of a code, binary: "0001"
  std::string meaning;         ///< "parameter 1"
};

/// A response code bit by bit, from its layer down (Part 2, 6.6.2 "Response Code Formats").
std::vector<BitField> bit_fields(const knowledge::DecodedRc& decoded);

/// Writes one explanation for a person: a first line that stands alone, what the bits say, and the
/// causes in order, each with how to confirm and what to do.
void write_text(const Explanation& explanation, const text::TextStyle& style, std::ostream& out);

/// Writes all explanations: of words each in full; of a log one line each, and then in full the one
/// to read first.
void write_text(const ExplainedText& text, const text::TextStyle& style, std::ostream& out);

}  // namespace tpmprobe::explain
