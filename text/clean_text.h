// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>

namespace tpmprobe::text {

/// `text` safe to show on a terminal: control characters, escape sequences, bidirectional overrides
/// and octets that are not UTF-8 are spelt out ("\x1b", "\u202e"), so that a TPM's words can move
/// no cursor and hide nothing. Without `unicode`, typographic characters become their ASCII
/// likeness and all others "?".
std::string clean(std::string_view text, bool unicode);

/// A clause as a sentence: a capital letter in front, a full stop behind.
std::string sentence(std::string clause);

}  // namespace tpmprobe::text
