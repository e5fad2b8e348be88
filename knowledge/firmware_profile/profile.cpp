// SPDX-License-Identifier: BSD-2-Clause
#include "knowledge/firmware_profile/profile.h"

#include <algorithm>

#include "knowledge/text.h"

namespace tpmprobe::knowledge {

std::optional<std::uint32_t> FirmwareProfile::property(std::uint32_t tag) const {
  if (!properties_fixed) return std::nullopt;
  const auto found = std::ranges::find(*properties_fixed, tag, &Property::tag);
  return found == properties_fixed->end() ? std::nullopt : std::optional(found->value);
}

std::vector<std::string_view> firmware_names() {
  std::vector<std::string_view> names;
  for (const Document& document : firmware_documents()) names.push_back(document.name);
  return names;
}

std::optional<FirmwareProfile> find_firmware(std::string_view name) {
  const auto all = firmware_documents();
  const auto found = std::ranges::find_if(
      all, [&](const Document& document) { return same_word(document.name, name); });
  if (found == all.end()) return std::nullopt;
  auto profile = read_profile(found->text);
  return profile ? std::optional(std::move(*profile)) : std::nullopt;
}

}  // namespace tpmprobe::knowledge
