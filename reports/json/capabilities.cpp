// SPDX-License-Identifier: BSD-2-Clause
#include <cstddef>

#include "knowledge/algorithms.h"
#include "knowledge/handles.h"
#include "knowledge/properties.h"
#include "knowledge/text.h"
#include "reports/json/parts.h"
#include "reports/json/values.h"

namespace tpmprobe::reports::json {
namespace {

// TPMA_CC (Part 2, 8.9): commandIndex and the vendor bit are the command code.
constexpr std::size_t kBitsPerOctet = 8;

Json algorithm(const knowledge::AlgorithmEntry& entry) {
  return {{"id", knowledge::hex(entry.id, kIdDigits)},
          {"name", name_or_null(knowledge::find_algorithm(entry.id))},
          {"attributes", knowledge::hex(entry.attributes, kWordDigits)}};
}

Json curve(std::uint16_t id) {
  return {{"id", knowledge::hex(id, kIdDigits)}, {"name", name_or_null(knowledge::find_curve(id))}};
}

Json command(std::uint32_t attributes) {
  Json row = named_command(attributes & knowledge::kCommandOfAttributes);
  row["attributes"] = knowledge::hex(attributes, kWordDigits);
  return row;
}

Json pcr_bank(const knowledge::PcrBank& bank) {
  Json registers = Json::array();
  for (std::size_t at = 0; at < bank.select.size() * kBitsPerOctet; ++at) {
    const auto octet = bank.select[at / kBitsPerOctet];
    if ((octet >> (at % kBitsPerOctet) & 1U) != 0) registers.push_back(at);
  }
  return {{"id", knowledge::hex(bank.hash, kIdDigits)},
          {"name", name_or_null(knowledge::find_algorithm(bank.hash))},
          {"pcrs", registers}};
}

Json property(const knowledge::Property& property) {
  const auto* info = knowledge::find_property(property.tag);
  return {{"id", knowledge::hex(property.tag, kCodeDigits)},
          {"name", info != nullptr ? Json(info->symbol) : Json(nullptr)},
          {"value", property.value},
          {"hex", knowledge::hex(property.value, kWordDigits)}};
}

Json handle_list(const std::optional<std::vector<std::uint32_t>>& list) {
  return array_or_null(
      list, [](std::uint32_t handle) { return Json(knowledge::hex(handle, kWordDigits)); });
}

Json handles(const knowledge::HandleLists& handles) {
  return {{"nv_index", handle_list(handles.nv_index)},
          {"loaded_session", handle_list(handles.loaded_session)},
          {"saved_session", handle_list(handles.saved_session)},
          {"permanent", handle_list(handles.permanent)},
          {"transient", handle_list(handles.transient)},
          {"persistent", handle_list(handles.persistent)}};
}

}  // namespace

Json capabilities(const Report& report) {
  if (!report.capabilities) return nullptr;
  const auto& known = *report.capabilities;
  return {{"algorithms", array_or_null(known.algorithms, algorithm)},
          {"curves", array_or_null(known.curves, curve)},
          {"commands", array_or_null(known.commands, command)},
          {"pcr_banks", array_or_null(known.pcr_banks, pcr_bank)},
          {"properties_fixed", array_or_null(known.properties_fixed, property)},
          {"properties_variable", array_or_null(known.properties_variable, property)},
          {"handles", handles(known.handles)}};
}

}  // namespace tpmprobe::reports::json
