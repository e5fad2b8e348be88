// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "knowledge/command_table.h"
#include "tpm/layers/handle_ledger.h"
#include "tpm/layers/layer.h"

namespace tpmprobe::tpm {

/// What a command would change in a TPM beyond its own answer.
struct SideEffects {
  std::uint32_t command = 0;  ///< TPM_CC, 0 if the octets are too few to have one
  std::string name;           ///< "TPM2_Sign", or "command 0x20000001"
  std::uint16_t effects = 0;  ///< bits of knowledge::Effect
  /// It uses an authorization whose failure counts towards lockout ...
  bool da_protected = false;
  /// ... or one that would, but is of a primary that this run made itself.
  bool da_protected_own = false;
  /// It flushes this handle, which is not known to be our own.
  std::optional<std::uint32_t> flush_foreign;
  /// It is authorized by this session, or changes it, and the session is not known to be our own.
  std::optional<std::uint32_t> foreign_session;
};

/// Works out the side effects of a command from its octets, the command table and what is known of
/// the handles; sends nothing. What cannot be read counts as doing the worst that it could.
SideEffects describe(const WireExchange& exchange, const HandleLedger& ledger = {});

/// One bit of knowledge::Effect as a clause: "writes NV memory".
std::string_view clause_of(std::uint16_t effect_bit);

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

  /// Whether TPM2_ReadPublic went through this guard and showed an object of tpmprobe.
  [[nodiscard]] bool is_ours(std::uint32_t handle) const { return ledger_.is_ours(handle); }

  /// Lets this run flush a leftover of an earlier one; see HandleLedger::adopt.
  bool adopt(std::uint32_t handle) { return ledger_.adopt(handle); }

 private:
  Expected<void> judge(const SideEffects& effects) const;
  [[nodiscard]] bool passes_after_stop(std::uint32_t command) const;

  GuardPolicy policy_;
  const std::atomic<bool>* interrupted_;
  HandleLedger ledger_;
};

}  // namespace tpmprobe::tpm
