// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "emulator/authorization/session_book.h"
#include "emulator/quirk/key_vault.h"
#include "emulator/quirk/quirk.h"
#include "tpm/layers/handle_ledger.h"
#include "tpm/layers/layer.h"
#include "tpm/wire_exchange.h"

namespace tpmprobe::emulator {

/// That a condition holds, but for its `calls`.
struct Match {
  bool holds = false;
  /// The first field that one of its `ranges` or `values` is about; null if it has none.
  const knowledge::WireField* field = nullptr;
};

/// Whether the command meets all of the condition but its `calls`.
Match match(const Condition& condition, const tpm::WireExchange& command);

/// Whether the nth call (from 1) is meant.
bool is_meant(const Calls& calls, unsigned nth);

/// Whether the pattern names this path.
bool names(std::string_view pattern, std::string_view path);

/// Makes the TPM below misbehave by rules: of all rules of all quirks, in order, the first that
/// applies is the outermost. Where a rule changes what a session HMAC protects, the HMAC is made
/// right again if that is possible (SessionBook).
class QuirkLayer final : public tpm::Layer {
 public:
  /// `clock` outlives this layer; delays and never-answers pass on it.
  QuirkLayer(tpm::TransportPtr below, std::vector<Quirk> quirks, tpm::Clock& clock);

  Expected<void> carry(tpm::WireExchange& exchange, tpm::TimePoint deadline) override;

 private:
  struct ActiveRule {
    Rule rule;
    unsigned calls = 0;         // that met the rest of the condition
    std::optional<Bytes> kept;  // what its effect remembers
  };

  Expected<void> answer_from(std::size_t rule, tpm::WireExchange& wire, tpm::TimePoint deadline);
  Expected<void> ask_tpm(tpm::WireExchange& wire, tpm::TimePoint deadline);
  bool is_time_for(const Condition& condition);

  std::vector<ActiveRule> rules_;
  tpm::Clock& clock_;
  std::optional<tpm::TimePoint> start_;  // of the first command
  bool counts_objects_ = false;          // a rule wants to know
  tpm::HandleLedger ledger_;
  SessionBook book_;
  KeyVault vault_;
};

}  // namespace tpmprobe::emulator
