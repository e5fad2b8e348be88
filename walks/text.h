// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <iosfwd>

#include "reports/model.h"
#include "text/style.h"

namespace tpmprobe::walks {

/// The report of `tpmprobe ssh` for a person: who the TPM is, a table with a row for each way and
/// key and a column for each step, then what failed with its layer and the programs' own lines.
void write_walk_text(const reports::Report& report, const text::TextStyle& style,
                     std::ostream& out);

}  // namespace tpmprobe::walks
