// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <string_view>

#include "knowledge/context.h"

namespace tpmprobe::explain {

/// Those that stand in the line as words of their own, whatever their case.
knowledge::ContextWords find_context(std::string_view line);

/// The number of a word that no text has, and that a reader of logs puts in itself: an error of the
/// TPM came shortly before.
std::size_t after_tpm_error();

}  // namespace tpmprobe::explain
