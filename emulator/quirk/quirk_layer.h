// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <vector>

#include "emulator/quirk/command_view.h"
#include "emulator/quirk/quirk.h"
#include "tpm/layers/layer.h"

namespace tpmprobe::emulator {

/// Makes the TPM below misbehave by rules: of all rules of all quirks, in order, the first that
/// applies is the outermost. What changes a response leaves its session HMACs as they were.
class QuirkLayer final : public tpm::Layer {
 public:
  /// `clock` outlives this layer; delays and never-answers pass on it.
  QuirkLayer(tpm::TransportPtr below, std::vector<Quirk> quirks, tpm::Clock& clock);

  Expected<Bytes> transmit(ByteView command, tpm::TimePoint deadline) override;

 private:
  struct ActiveRule {
    Rule rule;
    unsigned calls = 0;         // that met the rest of the condition
    std::optional<Bytes> kept;  // of RepeatAnswer
  };

  Expected<Bytes> answer_from(std::size_t rule, const CommandView& command,
                              tpm::TimePoint deadline);

  std::vector<ActiveRule> rules_;
  tpm::Clock& clock_;
};

}  // namespace tpmprobe::emulator
