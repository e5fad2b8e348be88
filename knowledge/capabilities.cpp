// SPDX-License-Identifier: BSD-2-Clause
#include "knowledge/capabilities.h"

#include <algorithm>

namespace tpmprobe::knowledge {
namespace {

// TPMA_CC (Part 2, 8.9): bits 0 to 15 are the index of the command; those of the library have no V.
constexpr std::uint32_t kCommandIndex = 0xffff;
constexpr std::uint32_t kVendor = 0x20000000;

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
    return (attributes & (kCommandIndex | kVendor)) == (code & (kCommandIndex | kVendor));
  };
  return commands && std::ranges::any_of(*commands, same);
}

std::optional<std::uint32_t> Capabilities::property(std::uint32_t tag) const {
  const auto fixed = find_property(properties_fixed, tag);
  return fixed ? fixed : find_property(properties_variable, tag);
}

}  // namespace tpmprobe::knowledge
