// SPDX-License-Identifier: BSD-2-Clause
#include "reports/model.h"

#include "knowledge/property_tags.h"

namespace tpmprobe::reports {

std::string_view to_string(Usability usability) {
  switch (usability) {
    case Usability::usable:
      return "usable";
    case Usability::limited:
      return "limited";
    case Usability::not_usable:
      return "not-usable";
    case Usability::unknown:
      return "unknown";
  }
  return "unknown";
}

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::info:
      return "info";
    case Severity::warning:
      return "warning";
    case Severity::error:
      return "error";
  }
  return "error";
}

Severity severity_of(std::string_view word) {
  for (const auto severity : {Severity::info, Severity::warning}) {
    if (word == to_string(severity)) return severity;
  }
  return Severity::error;
}

std::optional<std::uint64_t> firmware_version(const Report& report) {
  if (!report.capabilities) return std::nullopt;
  const auto high = report.capabilities->property(knowledge::kPtFirmwareVersion1);
  const auto low = report.capabilities->property(knowledge::kPtFirmwareVersion2);
  if (!high || !low) return std::nullopt;
  return std::uint64_t{*high} << 32U | *low;
}

}  // namespace tpmprobe::reports
