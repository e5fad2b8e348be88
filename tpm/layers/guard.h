// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <atomic>
#include <cstdint>
#include <set>

#include "knowledge/command_table.h"
#include "tpm/layers/handle_ledger.h"
#include "tpm/layers/layer.h"
#include "tpm/layers/side_effects.h"

namespace tpmprobe::tpm {

/// What a run may do to a TPM.
struct GuardPolicy {
  std::uint16_t allowed = 0;  ///< bits of knowledge::Effect
  bool da_protected = false;  ///< authorizations whose failure counts towards lockout
  /// Those of primaries that this run made itself with an authorization value that it knows.
  bool da_protected_own = false;
  bool flush_foreign = false;          ///< flush what this run did not make (--flush-leftovers)
  bool shutdown_when_stopped = false;  ///< TPM2_Shutdown still passes after an interruption

  GuardPolicy& allow(knowledge::Effect effect) {
    allowed |= static_cast<std::uint16_t>(effect);
    return *this;
  }
};

/// Nothing that outlives the run: transient objects, sessions and TPM2_Startup only.
GuardPolicy default_policy();

/// Refuses what this run may not do, before the TPM sees an octet of it: `Error::Kind::refused`
/// with the effect named. Once `interrupted` is set only the cleaning up passes (TPM2_FlushContext
/// of own handles), and everything else is `Error::Kind::interrupted`.
class Guard final : public Layer {
 public:
  /// `interrupted` may be null; else it outlives this layer and may be set by a signal handler.
  explicit Guard(TransportPtr below, GuardPolicy policy = default_policy(),
                 const std::atomic<bool>* interrupted = nullptr)
      : Layer(std::move(below)), policy_(policy), interrupted_(interrupted) {}

  Expected<void> carry(WireExchange& exchange, TimePoint deadline) override;

  /// What `carry` would judge by now.
  [[nodiscard]] SideEffects describe(const WireExchange& exchange) const {
    return tpm::describe(exchange, ledger_);
  }

  /// Transient objects and sessions that this run made or adopted, and has not flushed.
  [[nodiscard]] const std::set<std::uint32_t>& own_handles() const { return ledger_.own(); }

  /// Lets this run flush a leftover of an earlier one: true if TPM2_ReadPublic went through this
  /// guard and showed our marker.
  bool adopt(std::uint32_t handle) { return ledger_.adopt(handle); }

 private:
  Expected<void> judge(const SideEffects& effects) const;
  [[nodiscard]] bool passes_after_stop(std::uint32_t command) const;

  GuardPolicy policy_;
  const std::atomic<bool>* interrupted_;
  HandleLedger ledger_;
};

}  // namespace tpmprobe::tpm
