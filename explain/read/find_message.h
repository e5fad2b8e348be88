// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string_view>

#include "knowledge/messages.h"

namespace tpmprobe::explain {

/// The message in a line: that with the most characters if there are several; null if there is
/// none.
const knowledge::MessageInfo* find_message(std::string_view line);

/// Whether a line can hold a message at all: where this is false find_message needs no call. Much
/// quicker than that, and right about nearly every line.
bool may_hold_message(std::string_view line);

}  // namespace tpmprobe::explain
