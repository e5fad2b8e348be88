// SPDX-License-Identifier: BSD-2-Clause
#include "knowledge/capabilities.h"

#include <algorithm>

#include "knowledge/handles.h"

namespace tpmprobe::knowledge {
namespace {

std::optional<std::uint32_t> find_property(const std::optional<std::vector<Property>>& properties,
                                           std::uint32_t tag) {
  if (!properties) {
    return std::nullopt;
  }
  const auto found = std::ranges::find(*properties, tag, &Property::tag);
  return found == properties->end() ? std::nullopt : std::optional(found->value);
}

}  // namespace

bool Capabilities::has_algorithm(std::uint16_t id) const {
  return algorithms && std::ranges::find(*algorithms, id, &AlgorithmEntry::id) != algorithms->end();
}

bool Capabilities::has_curve(std::uint16_t id) const {
  return curves && std::ranges::find(*curves, id) != curves->end();
}

bool Capabilities::has_command(std::uint32_t code) const {
  const auto same = [code](std::uint32_t attributes) {
    return ((attributes ^ code) & kCommandOfAttributes) == 0;
  };
  return commands && std::ranges::any_of(*commands, same);
}

bool Capabilities::has_pcr_bank(std::uint16_t hash) const {
  const auto holds = [hash](const PcrBank& bank) {
    return bank.hash == hash &&
           std::ranges::any_of(bank.select, [](auto octet) { return octet != 0; });
  };
  return pcr_banks && std::ranges::any_of(*pcr_banks, holds);
}

std::optional<std::uint32_t> Capabilities::property(std::uint32_t tag) const {
  const auto fixed = find_property(properties_fixed, tag);
  return fixed ? fixed : find_property(properties_variable, tag);
}

}  // namespace tpmprobe::knowledge
