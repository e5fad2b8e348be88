// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>

#include "knowledge/codes.h"

namespace tpmprobe::explain::pages {

/// Where a cause can be the one: "TPM2_Sign, parameter digest"; empty if anywhere.
std::string condition_in_words(const knowledge::CauseCondition& when);

/// One cause as an `<article>`. `heading` is HTML for what goes above it, in an element of level
/// `level`.
std::string cause_article(const knowledge::Cause& cause, std::string_view heading, int level);

/// The class of a cause as a person says it, with a capital: "Unsupported algorithm".
std::string title_of(knowledge::CauseClass cause_class);

}  // namespace tpmprobe::explain::pages
