// SPDX-License-Identifier: BSD-2-Clause
#include "reports/model.h"

#include "knowledge/property_tags.h"

namespace tpmprobe::reports {

Severity severity_of(std::string_view word) {
  return knowledge::from_word<Severity>(word).value_or(Severity::error);
}

std::optional<std::uint64_t> firmware_version(const RunFacts& facts) {
  if (!facts.capabilities) return std::nullopt;
  const auto high = facts.capabilities->property(knowledge::kPtFirmwareVersion1);
  const auto low = facts.capabilities->property(knowledge::kPtFirmwareVersion2);
  if (!high || !low) return std::nullopt;
  return std::uint64_t{*high} << 32U | *low;
}

}  // namespace tpmprobe::reports
