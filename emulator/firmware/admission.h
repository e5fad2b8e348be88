// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "emulator/authorization/session_book.h"
#include "emulator/firmware/refusal.h"

namespace tpmprobe::emulator {

/// Asks `engine` whether it lets a command come as far as the parameter that is to be refused: the
/// handles must exist, the authorizations must be right, earlier parameters must be well-formed.
/// The engine sees the command cut off there, so that it cannot execute it, and counts a wrong
/// password. HMACs, which such a cut would break, are checked by `book`; a command whose HMAC is
/// wrong goes to the engine as it is.
///
/// True if the caller is to have the engine's answer, which then is the answer of `exchange`.
/// Errors: those of the transport.
Expected<bool> refused_earlier(tpm::Transport& engine, SessionBook& book,
                               tpm::WireExchange& exchange, const Refusal& refusal,
                               tpm::TimePoint deadline);

}  // namespace tpmprobe::emulator
