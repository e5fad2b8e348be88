// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>

#include "knowledge/ascii.h"
#include "knowledge/firmware_profile/reading.h"

namespace tpmprobe::knowledge {
namespace {

bool is_json(std::string_view text) {
  const auto first = std::ranges::find_if_not(text, is_space);
  return first != text.end() && *first == '{';
}

FirmwareProfile read_json(const JsonValue& json) {
  const bool is_report = json.has("schema_version") && json.has("capabilities");
  return is_report ? reading::report_profile(json) : reading::profile(json);
}

}  // namespace

tl::expected<FirmwareProfile, DocumentError> read_any_profile(std::string_view text) {
  if (is_json(text)) return read_document(text, read_json);
  try {
    return reading::getcap_profile(text);
  } catch (const DocumentError& error) {
    return tl::unexpected(error);
  }
}

}  // namespace tpmprobe::knowledge
