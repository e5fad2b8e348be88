// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/firmware/engine_properties.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "knowledge/algorithms.h"
#include "knowledge/handles.h"
#include "knowledge/properties.h"
#include "knowledge/property_tags.h"
#include "tpm/layers/header.h"

namespace tpmprobe::emulator {
namespace {

using knowledge::Property;

/// The properties that promise room: a user who relies on the firmware's value must find it.
constexpr std::array kRoom = {
    knowledge::kPtInputBuffer,     knowledge::kPtHrTransientMin,    knowledge::kPtHrPersistentMin,
    knowledge::kPtHrLoadedMin,     knowledge::kPtActiveSessionsMax, knowledge::kPtPcrCount,
    knowledge::kPtContextGapMax,   knowledge::kPtNvIndexMax,        knowledge::kPtMaxCommandSize,
    knowledge::kPtMaxResponseSize, knowledge::kPtMaxDigest,         knowledge::kPtSplitMax,
    knowledge::kPtNvBufferMax};

void set(Property& property, std::uint32_t here, std::vector<std::string>& missing) {
  if (property.value == here) return;
  const auto* info = knowledge::find_property(property.tag);
  missing.push_back(fmt::format(
      "{} {} (here {})", info == nullptr ? fmt::format("0x{:x}", property.tag) : info->symbol,
      property.value, here));
  property.value = here;
}

Property* find(std::vector<Property>& values, std::uint32_t tag) {
  const auto found = std::ranges::find(values, tag, &Property::tag);
  return found == values.end() ? nullptr : &*found;
}

void lessen(std::vector<Property>& values, std::uint32_t tag, std::size_t less,
            std::vector<std::string>& missing) {
  Property* property = find(values, tag);
  if (property == nullptr || property->value < less) return;
  set(*property, property->value - static_cast<std::uint32_t>(less), missing);
}

std::uint32_t digest_size(std::uint32_t algorithm) {
  const auto* info = knowledge::find_algorithm(static_cast<std::uint16_t>(algorithm));
  return info == nullptr ? 0 : info->digest_size;
}

}  // namespace

void adjust_to_engine(std::vector<Property>& values, const std::vector<CapabilityEntry>& engine,
                      std::vector<std::string>& missing) {
  for (Property& property : values) {
    if (std::ranges::find(kRoom, property.tag) == kRoom.end()) continue;
    const auto own = std::ranges::find(engine, property.tag, &CapabilityEntry::key);
    if (own == engine.end()) continue;
    const auto here = static_cast<std::uint32_t>(tpm::header::load(own->octets, 4, 4));
    if (here < property.value) set(property, here, missing);
  }
}

void adjust_to_commands(std::vector<Property>& values, const std::vector<std::uint32_t>& wanted,
                        const std::vector<CapabilityEntry>& listed,
                        std::vector<std::string>& missing) {
  const auto of_vendor = [](std::uint32_t attributes) {
    return (attributes & knowledge::kCcV) != 0;
  };
  const auto wanted_of_vendor = static_cast<std::size_t>(std::ranges::count_if(wanted, of_vendor));
  const auto listed_of_vendor =
      static_cast<std::size_t>(std::ranges::count_if(listed, of_vendor, &CapabilityEntry::key));
  const std::size_t all = wanted.size() - listed.size();
  const std::size_t vendor = wanted_of_vendor - listed_of_vendor;
  lessen(values, knowledge::kPtTotalCommands, all, missing);
  lessen(values, knowledge::kPtLibraryCommands, all - vendor, missing);
  lessen(values, knowledge::kPtVendorCommands, vendor, missing);
}

void adjust_to_hashes(std::vector<Property>& values,
                      const std::vector<knowledge::AlgorithmEntry>& wanted,
                      const std::vector<CapabilityEntry>& listed,
                      std::vector<std::string>& missing) {
  Property* property = find(values, knowledge::kPtMaxDigest);
  if (property == nullptr || wanted.size() == listed.size()) return;
  std::uint32_t longest = 0;
  for (const CapabilityEntry& entry : listed) longest = std::max(longest, digest_size(entry.key));
  if (longest != 0 && longest < property->value) set(*property, longest, missing);
}

}  // namespace tpmprobe::emulator
