// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <optional>

#include "emulator/authorization/session_book.h"
#include "emulator/quirk/command_view.h"
#include "emulator/quirk/key_vault.h"
#include "emulator/quirk/quirk.h"
#include "tpm/transport/transport.h"

namespace tpmprobe::emulator {

/// One command on its way through one rule that applies.
struct Exchange {
  const CommandView& command;
  tpm::TimePoint deadline;
  tpm::Clock& clock;
  unsigned parameter;          ///< number of the parameter that met the condition, 0 if none did
  std::optional<Bytes>& kept;  ///< what the rule keeps from one call to the next
  SessionBook& book;           ///< knows every exchange with the TPM so far
  KeyVault& vault;             ///< private keys that the emulator itself has
  /// The answer of the later rules and the TPM, to this or another command.
  std::function<Expected<Bytes>(const CommandView&)> next;

  Expected<Bytes> pass_on() { return next(command); }
};

/// Plays one effect: each gives the answer that whoever sent the command gets.
Expected<Bytes> apply(const AnswerCode& effect, Exchange& exchange);
Expected<Bytes> apply(const HideCapability& effect, Exchange& exchange);
Expected<Bytes> apply(const SetProperty& effect, Exchange& exchange);
Expected<Bytes> apply(const RepeatAnswer& effect, Exchange& exchange);
Expected<Bytes> apply(const NeverAnswer& effect, Exchange& exchange);
Expected<Bytes> apply(const Delay& effect, Exchange& exchange);
Expected<Bytes> apply(const CloseConnection& effect, Exchange& exchange);
Expected<Bytes> apply(const Truncate& effect, Exchange& exchange);
Expected<Bytes> apply(const Append& effect, Exchange& exchange);
Expected<Bytes> apply(const SetTag& effect, Exchange& exchange);
Expected<Bytes> apply(const SetSize& effect, Exchange& exchange);
Expected<Bytes> apply(const Echo& effect, Exchange& exchange);
Expected<Bytes> apply(const AddCapability& effect, Exchange& exchange);
Expected<Bytes> apply(const ChangeResponse& effect, Exchange& exchange);
Expected<Bytes> apply(const ChangeCommand& effect, Exchange& exchange);
Expected<Bytes> apply(const UntilLeadingZero& effect, Exchange& exchange);
Expected<Bytes> apply(const WeakRandom& effect, Exchange& exchange);
Expected<Bytes> apply(const ReSignEcc& effect, Exchange& exchange);
Expected<Bytes> apply(const ReSignPss& effect, Exchange& exchange);
Expected<Bytes> apply(const SubstituteKey& effect, Exchange& exchange);

}  // namespace tpmprobe::emulator
