// SPDX-License-Identifier: BSD-2-Clause
#include "emulator/quirk/capability_page.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "knowledge/command_codes.h"
#include "knowledge/handles.h"
#include "tpm/layers/header.h"

namespace tpmprobe::emulator {
namespace {

namespace header = tpm::header;
using knowledge::WireField;

/// How the elements of a list are told apart: the one member of this type leads each of them.
struct ListShape {
  std::uint32_t capability;
  std::string_view key_type;
  std::uint32_t key_mask;
};

constexpr std::uint32_t kWhole = 0xFFFFFFFF;

ListShape shape_of(CapabilityList list) {
  switch (list) {
    case CapabilityList::algorithms:
      return {0, "TPM_ALG_ID", kWhole};
    case CapabilityList::handles:
      return {1, "TPM_HANDLE", kWhole};
    case CapabilityList::commands:
      return {2, "TPMA_CC", knowledge::kCommandOfAttributes};
    case CapabilityList::pcr_banks:
      return {5, "TPMI_ALG_HASH", kWhole};
    case CapabilityList::properties:
      return {6, "TPM_PT", kWhole};
    case CapabilityList::curves:
      return {8, "TPM_ECC_CURVE", kWhole};
  }
  return {kWhole, {}, kWhole};
}

Bytes copy_of(ByteView octets) {
  return {octets.begin(), octets.end()};
}

}  // namespace

std::uint32_t capability_of(CapabilityList list) {
  return shape_of(list).capability;
}

bool asks_for(const tpm::WireExchange& exchange, std::uint32_t capability) {
  if (exchange.code() != knowledge::cc::kGetCapability) return false;
  const WireField* asked = exchange.asked().find("capability");
  return asked != nullptr && asked->value == capability;
}

std::optional<CapabilityPage> read_page(const tpm::WireExchange& exchange, CapabilityList list) {
  if (exchange.code() != knowledge::cc::kGetCapability) return std::nullopt;
  const tpm::Parameters& given = exchange.given();
  const auto* capability = given.find("capabilityData.capability");
  const ListShape shape = shape_of(list);
  if (capability == nullptr || capability->value != shape.capability) return std::nullopt;

  CapabilityPage page;
  page.more_data = given.value("moreData") != 0;
  const auto* answer = exchange.success();
  std::size_t end = answer->parameters_offset + answer->parameters.size();
  for (auto field = given.fields.rbegin(); field != given.fields.rend(); ++field) {
    if (field->type != shape.key_type) continue;
    const auto key = static_cast<std::uint32_t>(field->value) & shape.key_mask;
    page.entries.push_back(
        {key, copy_of(given.message.subspan(field->offset, end - field->offset))});
    end = field->offset;
  }
  std::ranges::reverse(page.entries);
  return page;
}

void replace_page(tpm::WireExchange& exchange, const CapabilityPage& page) {
  const auto* answer = exchange.success();
  const auto* more_data = exchange.given().find("moreData");
  const auto* capability = exchange.given().find("capabilityData.capability");
  if (more_data == nullptr || capability == nullptr) return;

  // Every list of TPMU_CAPABILITIES starts with its count, right behind the capability.
  constexpr std::size_t kCountSize = sizeof(std::uint32_t);
  const std::size_t count_offset = capability->offset + capability->size;
  const ByteView response = exchange.response();
  Bytes changed = copy_of(response.first(count_offset + kCountSize));
  header::store(changed, more_data->offset, more_data->size, page.more_data ? 1 : 0);
  header::store(changed, count_offset, kCountSize, page.entries.size());
  for (const auto& entry : page.entries) {
    changed.insert(changed.end(), entry.octets.begin(), entry.octets.end());
  }
  const std::size_t parameters_size = changed.size() - answer->parameters_offset;
  if (answer->tag == header::kSessions) {
    header::store(changed, header::kSize, sizeof(std::uint32_t), parameters_size);
  }
  const auto auths = response.subspan(answer->parameters_offset + answer->parameters.size());
  changed.insert(changed.end(), auths.begin(), auths.end());
  header::store(changed, header::kSizeOffset, 4, changed.size());
  exchange.answer(std::move(changed));
}

}  // namespace tpmprobe::emulator
