// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/layers/handle_ledger.h"

#include <algorithm>
#include <string_view>

#include "knowledge/command_codes.h"
#include "knowledge/handles.h"
#include "tpm/leftovers.h"

namespace tpmprobe::tpm {
namespace {

namespace cc = knowledge::cc;
using knowledge::WireCommand;
using knowledge::WireResponse;

constexpr std::uint64_t kObjectNoDa = 1U << 10U;     // TPMA_OBJECT noDA, Part 2, 8.3
constexpr std::uint64_t kNvNoDa = 1U << 25U;         // TPMA_NV_NO_DA, Part 2, 13.4
constexpr std::uint8_t kContinueSession = 1U << 0U;  // TPMA_SESSION, Part 2, 8.4

bool has_bit(const Parameters& parameters, std::string_view path, std::uint64_t bit) {
  return (parameters.value(path) & bit) != 0;
}

/// The handle that a successful command of this kind took out of the TPM, TPM_RH_NULL if none.
std::uint32_t handle_ended_by(const WireExchange& exchange) {
  const WireCommand& command = *exchange.request();
  if (command.code == cc::kSequenceComplete && !command.handles.empty()) return command.handles[0];
  if (command.code == cc::kEventSequenceComplete && command.handles.size() > 1) {
    return command.handles[1];
  }
  if (command.code != cc::kFlushContext) return knowledge::rh::kNull;
  return flushed_handle(exchange).value_or(knowledge::rh::kNull);
}

}  // namespace

std::optional<std::uint32_t> flushed_handle(const WireExchange& exchange) {
  const auto* handle = exchange.asked().find("flushHandle");
  if (handle == nullptr) return std::nullopt;
  return static_cast<std::uint32_t>(handle->value);
}

void HandleLedger::learn(const WireExchange& exchange) {
  const WireResponse* answer = exchange.success();
  if (answer == nullptr) return;
  if (!answer->handles.empty()) learn_new_handle(exchange);
  learn_public(exchange);
  forget_ended_sessions(*exchange.request(), *answer);
  forget(handle_ended_by(exchange));
}

void HandleLedger::learn_new_handle(const WireExchange& exchange) {
  const std::uint32_t handle = exchange.success()->handles[0];
  const std::uint32_t command = exchange.code();
  own_.insert(handle);
  // A handle number is given again after a flush: nothing of the old object may stay.
  Facts& facts = facts_[handle] = {};
  facts.primary = command == cc::kCreatePrimary;
  // Sequence objects have no attributes; the reference code (Part 4, Object.c) exempts them all.
  const bool sequence = command == cc::kHmacStart || command == cc::kHashSequenceStart;
  facts.exempt = sequence ||
                 has_bit(exchange.given(), "outPublic.publicArea.objectAttributes", kObjectNoDa) ||
                 has_bit(exchange.asked(), "inPublic.publicArea.objectAttributes", kObjectNoDa);
}

void HandleLedger::learn_public(const WireExchange& exchange) {
  const bool object = exchange.code() == cc::kReadPublic;
  if (!object && exchange.code() != cc::kNvReadPublic) return;
  const std::uint32_t handle = exchange.request()->handles[0];  // both have one
  const Parameters& given = exchange.given();
  const auto copy = [&](std::string_view path) {
    const auto octets = given.octets(path);
    return Bytes(octets.begin(), octets.end());
  };
  facts_[handle] =
      object ? Facts{has_bit(given, "outPublic.publicArea.objectAttributes", kObjectNoDa),
                     std::ranges::equal(given.octets("outPublic.publicArea.authPolicy.buffer"),
                                        kMarker),
                     is_own_primary(handle), copy("name.buffer"), copy("qualifiedName.buffer")}
             : Facts{.exempt = has_bit(given, "nvPublic.nvPublic.attributes", kNvNoDa)};
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
