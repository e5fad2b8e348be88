// SPDX-License-Identifier: BSD-2-Clause
#include "tpm/layers/guard.h"

#include <utility>

#include <fmt/format.h>

#include "knowledge/command_codes.h"

namespace tpmprobe::tpm {
namespace {

/// The lowest effect bit that the policy does not have, 0 if it has them all.
std::uint16_t first_forbidden(std::uint16_t effects, std::uint16_t allowed) {
  const unsigned forbidden = effects & ~static_cast<unsigned>(allowed);
  return static_cast<std::uint16_t>(forbidden & (~forbidden + 1U));
}

tl::unexpected<Error> refuse(const SideEffects& effects, std::string_view clause) {
  return fail(Error::Kind::refused, effects.command,
              fmt::format("{} {}, which this run may not do", effects.name, clause));
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
    return refuse(effects, fmt::format("flushes the handle {:#010x} of somebody else",
                                       *effects.flush_foreign));
  }
  return {};
}

bool Guard::passes_after_stop(std::uint32_t command) const {
  return command == knowledge::cc::kFlushContext ||
         (command == knowledge::cc::kShutdown && policy_.shutdown_when_stopped);
}

}  // namespace tpmprobe::tpm
