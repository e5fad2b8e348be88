// SPDX-License-Identifier: BSD-2-Clause
#include "knowledge/properties.h"

#include <algorithm>

#include "knowledge/algorithms.h"
#include "knowledge/capabilities.h"
#include "knowledge/text.h"

namespace tpmprobe::knowledge {
namespace {

std::string revision(std::uint32_t value) {
  const auto hundredths = std::to_string(value % 100);
  return std::to_string(value / 100) + (hundredths.size() < 2 ? ".0" : ".") + hundredths;
}

std::string algorithm(std::uint32_t value) {
  return value > 0xffff ? hex(value, 8) : algorithm_name(static_cast<std::uint16_t>(value));
}

std::string bits(std::string_view field, std::uint32_t value) {
  return value == 0 ? "none" : bit_words(field, value);
}

}  // namespace

const PropertyInfo* find_property(std::uint32_t tag) {
  const auto all = properties();
  const auto found = std::ranges::lower_bound(all, tag, {}, &PropertyInfo::tag);
  return found != all.end() && found->tag == tag ? &*found : nullptr;
}

const PropertyInfo* find_property(std::string_view symbol) {
  take_prefix(symbol, "TPM_") || take_prefix(symbol, "TPM2_");
  const auto all = properties();
  const auto found = std::ranges::find_if(all, [symbol](const auto& row) {
    return same_word(row.symbol.substr(std::string_view("TPM_").size()), symbol);
  });
  return found == all.end() ? nullptr : &*found;
}

std::string show_property(std::uint32_t tag, std::uint32_t value) {
  const auto* info = find_property(tag);
  switch (info == nullptr ? Show::hex : info->show) {
    case Show::number:
      return std::to_string(value);
    case Show::hex:
      return hex(value, 8);
    case Show::text:
      return four_characters(value);
    case Show::revision:
      return revision(value);
    case Show::octets:
      return std::to_string(value) + " bytes";
    case Show::seconds:
      return std::to_string(value) + " s";
    case Show::milliseconds:
      return std::to_string(value) + " ms";
    case Show::algorithm:
      return algorithm(value);
    case Show::bits:
      return bits(info->bits, value);
  }
  return {};
}

}  // namespace tpmprobe::knowledge
