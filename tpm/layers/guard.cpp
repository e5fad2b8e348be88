// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/layers/guard.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "knowledge/command_codes.h"
#include "knowledge/command_table.h"
#include "knowledge/handles.h"

namespace tpmprobe::tpm {
namespace {

namespace cc = knowledge::cc;
using knowledge::CommandInfo;
using knowledge::Effect;
using knowledge::HandleAuth;
using knowledge::WireCommand;

constexpr std::uint32_t kUnknownHandle = 0xFFFFFFFF;

constexpr std::uint16_t bit(Effect effect) {
  return static_cast<std::uint16_t>(effect);
}

std::string name_of(std::uint32_t code, const CommandInfo* info) {
  return info != nullptr ? fmt::format("TPM2_{}", info->name) : fmt::format("command {:#x}", code);
}

/// A session bound to an entity takes its authorization value: a failure of the session's HMAC
/// counts as one of the entity (Part 1, 19.8.4).
bool uses_authorization(const CommandInfo& info, std::size_t index) {
  return info.handles[index].auth != HandleAuth::none ||
         (info.code == cc::kStartAuthSession && info.handles[index].name == "bind");
}

void describe_authorizations(const WireCommand& command, const HandleLedger& ledger,
                             SideEffects& result) {
  const auto& handles = command.handles;
  for (std::size_t i = 0; i < std::min(handles.size(), command.info->handles.size()); ++i) {
    if (!uses_authorization(*command.info, i) || !ledger.is_protected(handles[i])) continue;
    (ledger.is_own_primary(handles[i]) ? result.da_protected_own : result.da_protected) = true;
  }
}

void describe_sessions(const WireCommand& command, const HandleLedger& ledger,
                       SideEffects& result) {
  auto handles = command.handles;
  for (const auto& auth : command.auths) handles.push_back(auth.session);
  for (const std::uint32_t handle : handles) {
    if (is_session(handle) && !ledger.own().contains(handle)) result.foreign_session = handle;
  }
}

void describe_flush(const WireExchange& exchange, const HandleLedger& ledger, SideEffects& result) {
  const std::uint32_t handle = flushed_handle(exchange).value_or(kUnknownHandle);
  result.effects = bit(is_session(handle) ? Effect::session : Effect::transient);
  if (!ledger.own().contains(handle)) result.flush_foreign = handle;
}

/// With TPM_RH_NULL in place of a PCR these commands only compute digests (Part 3, 17.6 and 22.2).
bool spares_the_pcrs(const WireCommand& command) {
  return command.info->has(Effect::pcr) && !command.handles.empty() &&
         command.handles[0] == knowledge::rh::kNull;
}

/// A command that we cannot split may still be understood by the TPM.
void assume_the_worst(const CommandInfo& info, SideEffects& result) {
  for (std::size_t i = 0; i < info.handles.size(); ++i) {
    result.da_protected |= uses_authorization(info, i);
  }
  if (info.code == cc::kFlushContext) result.flush_foreign = kUnknownHandle;
}

}  // namespace

SideEffects describe(const WireExchange& exchange, const HandleLedger& ledger) {
  SideEffects result;
  result.command = exchange.code();
  const CommandInfo* info = knowledge::find_command(result.command);
  result.name = name_of(result.command, info);
  result.effects = info != nullptr ? info->effects : bit(Effect::vendor);
  if (info == nullptr) return result;
  const auto& split = exchange.request();
  if (!split) {
    assume_the_worst(*info, result);
    return result;
  }
  describe_authorizations(*split, ledger, result);
  describe_sessions(*split, ledger, result);
  if (info->code == cc::kFlushContext) describe_flush(exchange, ledger, result);
  if (spares_the_pcrs(*split)) result.effects &= static_cast<std::uint16_t>(~bit(Effect::pcr));
  return result;
}

std::string_view clause_of(std::uint16_t effect_bit) {
  switch (static_cast<Effect>(effect_bit)) {
    case Effect::none:
      return "changes nothing";
    case Effect::transient:
      return "loads or flushes a transient object";
    case Effect::session:
      return "starts or ends a session";
    case Effect::nv:
      return "writes NV memory";
    case Effect::persistent:
      return "creates or evicts a persistent object";
    case Effect::hierarchy:
      return "changes how a hierarchy is authorized or enabled";
    case Effect::clear:
      return "replaces a seed and with it all keys below it";
    case Effect::pcr:
      return "changes a PCR";
    case Effect::lockout:
      return "changes the protection against dictionary attacks";
    case Effect::startup:
      return "starts up or shuts down the TPM";
    case Effect::clock:
      return "sets the clock of the TPM";
    case Effect::firmware:
      return "changes the firmware";
    case Effect::audit:
      return "sets what the TPM audits or which of its functions are enabled";
    case Effect::vendor:
      return "is not in the TPM 2.0 Library and could do anything";
  }
  return "has an unknown effect";
}

namespace {

/// The lowest effect bit that the policy does not have, 0 if it has them all.
std::uint16_t first_forbidden(std::uint16_t effects, std::uint16_t allowed) {
  const unsigned forbidden = effects & ~static_cast<unsigned>(allowed);
  return static_cast<std::uint16_t>(forbidden & (~forbidden + 1U));
}

tl::unexpected<Error> refuse(const SideEffects& effects, std::string_view clause) {
  return fail(Error::Kind::refused, effects.command,
              fmt::format("{} {}, which this run is not allowed to do", effects.name, clause));
}

}  // namespace

GuardPolicy default_policy() {
  using knowledge::Effect;
  return GuardPolicy{}.allow(Effect::transient).allow(Effect::session).allow(Effect::startup);
}

Expected<void> Guard::carry(WireExchange& exchange, TimePoint deadline) {
  if (auto allowed = judge(describe(exchange)); !allowed) return allowed;
  auto carried = below().carry(exchange, deadline);
  if (carried) ledger_.learn(exchange);
  return carried;
}

Expected<void> Guard::judge(const SideEffects& effects) const {
  if (interrupted_ != nullptr && *interrupted_ && !passes_after_stop(effects.command)) {
    return fail(Error::Kind::interrupted, effects.command,
                fmt::format("{} was not sent, because the run is being stopped", effects.name));
  }
  const std::uint16_t forbidden = first_forbidden(effects.effects, policy_.allowed);
  if (forbidden != 0) return refuse(effects, clause_of(forbidden));
  const bool own = effects.da_protected_own && !policy_.da_protected_own;
  if ((effects.da_protected || own) && !policy_.da_protected) {
    return refuse(effects, "uses an authorization whose failure counts towards lockout");
  }
  if (effects.flush_foreign && !policy_.flush_foreign) {
    return refuse(effects, fmt::format("flushes the handle {:#010x} of another program",
                                       *effects.flush_foreign));
  }
  if (effects.foreign_session) {
    return refuse(effects, fmt::format("uses the session {:#010x} of somebody else",
                                       *effects.foreign_session));
  }
  return {};
}

bool Guard::passes_after_stop(std::uint32_t command) const {
  return command == knowledge::cc::kFlushContext ||
         (command == knowledge::cc::kShutdown && policy_.shutdown_when_stopped);
}

}  // namespace tpmprobe::tpm
