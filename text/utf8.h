// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tpmprobe::text {

/// The first character of a text.
struct CodePoint {
  char32_t value = 0;    ///< Unicode scalar value, U+FFFD if the octets are not UTF-8
  std::size_t size = 0;  ///< octets it takes, at least 1
  bool valid = false;    ///< the octets are UTF-8 (RFC 3629: no surrogates, nothing overlong)
};

/// Reads the first character of a text that is not empty. What is not UTF-8 is taken one octet at a
/// time.
CodePoint first_code_point(std::string_view text);

/// Octets at the start of `text` that are an ECMA-48 control sequence or an OSC string, which a
/// terminal obeys and does not show; 0 if there is none.
std::size_t escape_sequence_size(std::string_view text);

/// Columns of one character on a terminal: 0 (control, combining), 1 or 2 (East Asian wide).
int columns_of(char32_t value);

/// Columns of a text on a terminal; escape sequences take none.
int display_width(std::string_view text);

}  // namespace tpmprobe::text
