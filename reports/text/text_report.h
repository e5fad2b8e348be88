// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <iosfwd>

#include "reports/model.h"
#include "text/style.h"

namespace tpmprobe::reports {

/// Writes the report as a person reads it: the verdict, what to use, what to avoid and why, then
/// what that rests on. Strings that came from the TPM cannot control the terminal (clean_text.h).
void write_text(const Report& report, const text::TextStyle& style, std::ostream& out);

}  // namespace tpmprobe::reports
