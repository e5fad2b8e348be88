// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tpmprobe::knowledge {

/// "0x" and at least `digits` hexadecimal digits: hex(0x1d5, 3) is "0x1d5".
std::string hex(std::uint64_t value, int digits);

/// A letter from A to Z in lower case, every other character as it is, whatever the locale.
char ascii_lower(char letter);

/// Whether both are the same but for the case of ASCII letters, which no locale changes.
bool same_word(std::string_view one, std::string_view other);

/// Takes `prefix` away from the start of `text`, ignoring case; false if it does not start so.
bool take_prefix(std::string_view& text, std::string_view prefix);

/// The four characters of a UINT32 such as TPM_PT_MANUFACTURER, without NULs and blanks at the end;
/// what is not printable ASCII becomes '.', as vendors put binary numbers there.
std::string four_characters(std::uint32_t value);

}  // namespace tpmprobe::knowledge
