// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <optional>
#include <utility>

#include "emulator/authorization/session_book.h"
#include "emulator/quirk/key_vault.h"
#include "emulator/quirk/quirk.h"
#include "tpm/transport/transport.h"
#include "tpm/wire_exchange.h"

namespace tpmprobe::emulator {

/// One command on its way through one rule that applies.
struct Exchange {
  tpm::WireExchange& wire;
  tpm::TimePoint deadline;
  tpm::Clock& clock;
  unsigned parameter;          ///< number of the parameter that met the condition, 0 if none did
  std::optional<Bytes>& kept;  ///< what the rule keeps from one call to the next
  SessionBook& book;           ///< knows every exchange with the TPM so far
  KeyVault& vault;             ///< private keys that the emulator itself has
  /// Lets the later rules and the TPM answer this or another command.
  std::function<Expected<void>(tpm::WireExchange&)> next;

  Expected<void> pass_on() { return next(wire); }
  /// The answer to another command becomes the answer to this one.
  Expected<void> pass_on_instead(Bytes command) {
    tpm::WireExchange other(std::move(command));
    return next(other).map([&] { wire.answer(other.take_response()); });
  }
};

/// Plays one effect: each leaves the answer that whoever sent the command gets.
Expected<void> apply(const AnswerCode& effect, Exchange& exchange);
Expected<void> apply(const HideCapability& effect, Exchange& exchange);
Expected<void> apply(const SetProperty& effect, Exchange& exchange);
Expected<void> apply(const RepeatAnswer& effect, Exchange& exchange);
Expected<void> apply(const NeverAnswer& effect, Exchange& exchange);
Expected<void> apply(const Delay& effect, Exchange& exchange);
Expected<void> apply(const CloseConnection& effect, Exchange& exchange);
Expected<void> apply(const Truncate& effect, Exchange& exchange);
Expected<void> apply(const Append& effect, Exchange& exchange);
Expected<void> apply(const SetTag& effect, Exchange& exchange);
Expected<void> apply(const SetSize& effect, Exchange& exchange);
Expected<void> apply(const Echo& effect, Exchange& exchange);
Expected<void> apply(const AddCapability& effect, Exchange& exchange);
Expected<void> apply(const ChangeResponse& effect, Exchange& exchange);
Expected<void> apply(const ChangeCommand& effect, Exchange& exchange);
Expected<void> apply(const UntilLeadingZero& effect, Exchange& exchange);
Expected<void> apply(const WeakRandom& effect, Exchange& exchange);
Expected<void> apply(const ReSignEcc& effect, Exchange& exchange);
Expected<void> apply(const ReSignPss& effect, Exchange& exchange);
Expected<void> apply(const SubstituteKey& effect, Exchange& exchange);

/// Gives the response to TPM2_Sign, if a substituted key was meant, the signature that a sound TPM
/// makes with the key that the caller was shown. Schemes: RSASSA, RSAPSS, ECDSA, ECSCHNORR.
void sign_as_shown(Exchange& exchange);

}  // namespace tpmprobe::emulator
