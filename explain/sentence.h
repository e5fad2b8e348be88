// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "explain/explanation.h"

namespace tpmprobe::explain {

/// The first sentence of an explanation whose other fields are filled in.
std::string first_sentence(const Explanation& explanation, const knowledge::CodeInfo* info);

/// One sentence about what the bits of a code say, for a code that nobody has defined.
std::string describe_bits(const knowledge::DecodedRc& decoded);

/// The software that raised a code, for the start of a sentence: "The TPM", "FAPI", "The resource
/// manager".
std::string layer_title(knowledge::RcLayer layer);

}  // namespace tpmprobe::explain
