// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "knowledge/firmware_profile/profile.h"
#include "knowledge/json_value.h"

/// What the readers of firmware profiles share.
namespace tpmprobe::knowledge::reading {

/// What is wrong with a text is thrown as a `DocumentError`.

/// A file of knowledge/firmware.
FirmwareProfile profile(const JsonValue& json);

/// A JSON report of tpmprobe.
FirmwareProfile report_profile(const JsonValue& json);

/// The text of tpm2_getcap.
FirmwareProfile getcap_profile(std::string_view text);

/// Throws the error of one line of a text, counted from 1.
[[noreturn]] void fail_line(std::size_t number, std::string_view reason);

/// "0x1d5" or "469" of so many bits, from a line of a text.
std::uint32_t line_number(std::size_t line, std::string_view word, unsigned bits);

/// One line "name: value" of the YAML that tpm2_getcap prints. The views point into the text.
struct GetcapLine {
  std::size_t number = 0;  ///< from 1
  std::string_view name, value;
};

/// A line with the indented ones below it.
struct GetcapEntry {
  GetcapLine head;
  std::vector<GetcapLine> members;

  /// The member of this name, or null.
  [[nodiscard]] const GetcapLine* find(std::string_view name) const;
};

/// The entries of a text; comments, headings and sections that no profile needs are left out.
struct GetcapText {
  std::vector<GetcapEntry> entries;
  bool has_no_curves = false;  ///< another section follows the heading of that of curves
};
GetcapText getcap_text(std::string_view text);

}  // namespace tpmprobe::knowledge::reading
