// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/layers/handle_ledger.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "knowledge/command_codes.h"
#include "knowledge/handles.h"
#include "tpm/marker.h"

namespace tpmprobe::tpm {
namespace {

namespace cc = knowledge::cc;
using knowledge::WireCommand;
using knowledge::WireField;
using knowledge::WireResponse;

constexpr std::uint64_t kObjectNoDa = 1U << 10U;     // TPMA_OBJECT noDA, Part 2, 8.3
constexpr std::uint64_t kNvNoDa = 1U << 25U;         // TPMA_NV_NO_DA, Part 2, 13.4
constexpr std::uint8_t kContinueSession = 1U << 0U;  // TPMA_SESSION, Part 2, 8.4

using Fields = knowledge::WireExpected<std::vector<WireField>>;

bool has_bit(const Fields& fields, std::string_view path, std::uint64_t bit) {
  const WireField* field = fields ? knowledge::find_field(*fields, path) : nullptr;
  return field != nullptr && (field->value & bit) != 0;
}

/// The octets at `path` of the message.
Bytes octets_at(const Fields& fields, std::string_view path, ByteView message) {
  const WireField* field = fields ? knowledge::find_field(*fields, path) : nullptr;
  if (field == nullptr) return {};
  const auto octets = message.subspan(field->offset, field->size);
  return Bytes(octets.begin(), octets.end());
}

/// The handle that a successful command of this kind took out of the TPM, TPM_RH_NULL if none.
std::uint32_t handle_ended_by(const WireCommand& command) {
  if (command.code == cc::kSequenceComplete && !command.handles.empty()) return command.handles[0];
  if (command.code == cc::kEventSequenceComplete && command.handles.size() > 1) {
    return command.handles[1];
  }
  if (command.code != cc::kFlushContext) return knowledge::rh::kNull;
  const Fields fields = knowledge::read_parameters(command);
  const WireField* handle = fields ? knowledge::find_field(*fields, "flushHandle") : nullptr;
  return handle == nullptr ? knowledge::rh::kNull : static_cast<std::uint32_t>(handle->value);
}

}  // namespace

void HandleLedger::learn(ByteView command, ByteView response) {
  const auto request = knowledge::split_command(command);
  if (!request) return;
  const auto answer = knowledge::split_response(*request->info, request->auths.size(), response);
  if (!answer || answer->rc != 0) return;
  learn_new_handle(*request, *answer);
  learn_public(*request, *answer, response);
  forget_ended_sessions(*request, *answer);
  forget(handle_ended_by(*request));
}

void HandleLedger::learn_new_handle(const WireCommand& command, const WireResponse& response) {
  if (response.handles.empty()) return;
  const std::uint32_t handle = response.handles[0];
  own_.insert(handle);
  // A handle number is given again after a flush: nothing of the old object may stay.
  Facts& facts = facts_[handle] = {};
  facts.primary = command.code == cc::kCreatePrimary;
  // Sequence objects have no attributes; the reference code (Part 4, Object.c) exempts them all.
  const bool sequence = command.code == cc::kHmacStart || command.code == cc::kHashSequenceStart;
  facts.exempt = sequence ||
                 has_bit(knowledge::read_parameters(*command.info, response),
                         "outPublic.publicArea.objectAttributes", kObjectNoDa) ||
                 has_bit(knowledge::read_parameters(command),
                         "inPublic.publicArea.objectAttributes", kObjectNoDa);
}

void HandleLedger::learn_public(const WireCommand& command, const WireResponse& response,
                                ByteView octets) {
  const bool object = command.code == cc::kReadPublic;
  if ((!object && command.code != cc::kNvReadPublic) || command.handles.empty()) return;
  const Fields fields = knowledge::read_parameters(*command.info, response);
  const auto given = [&](std::string_view path) { return octets_at(fields, path, octets); };
  facts_[command.handles[0]] =
      object ? Facts{has_bit(fields, "outPublic.publicArea.objectAttributes", kObjectNoDa),
                     std::ranges::equal(given("outPublic.publicArea.authPolicy.buffer"), kMarker),
                     is_own_primary(command.handles[0]), given("name.buffer"),
                     given("qualifiedName.buffer")}
             : Facts{.exempt = has_bit(fields, "nvPublic.nvPublic.attributes", kNvNoDa)};
}

void HandleLedger::forget_ended_sessions(const WireCommand& command, const WireResponse& response) {
  for (std::size_t i = 0; i < std::min(command.auths.size(), response.auths.size()); ++i) {
    const bool goes_on = (response.auths[i].attributes & kContinueSession) != 0;
    if (!goes_on) forget(command.auths[i].session);
  }
}

void HandleLedger::forget(std::uint32_t handle) {
  own_.erase(handle);
  facts_.erase(handle);
}

bool HandleLedger::is_protected(std::uint32_t handle) const {
  switch (kind_of(handle)) {
    case HandleKind::pcr:
      return false;
    case HandleKind::permanent:
      return handle == knowledge::rh::kLockout;
    default: {
      const auto known = facts_.find(handle);
      return known == facts_.end() || !known->second.exempt;
    }
  }
}

bool HandleLedger::is_own_primary(std::uint32_t handle) const {
  const auto known = facts_.find(handle);
  return known != facts_.end() && known->second.primary;
}

bool HandleLedger::is_ours(std::uint32_t handle) const {
  const auto known = facts_.find(handle);
  if (known == facts_.end() || kind_of(handle) != HandleKind::transient) return false;
  const auto is_parent = [&child = known->second](const auto& row) {
    const Facts& parent = row.second;
    return parent.marked && !child.name.empty() &&
           qualified_name(parent.qualified_name, child.name) == child.qualified_name;
  };
  return known->second.marked || std::ranges::any_of(facts_, is_parent);
}

bool HandleLedger::adopt(std::uint32_t handle) {
  const bool ours = is_session(handle) ? adopted_ : is_ours(handle);
  if (ours) own_.insert(handle);
  adopted_ = adopted_ || ours;
  return ours;
}

}  // namespace tpmprobe::tpm
