// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <string_view>

#include "knowledge/context.h"
#include "knowledge/messages.h"

namespace tpmprobe::explain {

/// The message in a line: that with the most characters if there are several; null if there is
/// none.
const knowledge::MessageInfo* find_message(std::string_view line);

/// Whether a line can hold a message at all: where this is false find_message needs no call. Much
/// quicker than that, and right about nearly every line.
bool may_hold_message(std::string_view line);

/// Those that stand in the line as words of their own, whatever their case.
knowledge::ContextWords find_context(std::string_view line);

/// The number of a word that no text has, and that a reader of logs puts in itself: an error of the
/// TPM came shortly before.
std::size_t after_tpm_error();

}  // namespace tpmprobe::explain
