// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <string>

#include "reports/model.h"

namespace tpmprobe::reports {

using StringVisitor = std::function<void(std::string&)>;

/// Visits every text that may quote the machine or what was typed: arguments, places, versions,
/// sentences. A name of the user can be in any of them.
void visit_texts(Report& report, const StringVisitor& visit);

/// Visits every other string: ids, titles and what the TPM says of itself.
void visit_names(Report& report, const StringVisitor& visit);

/// The report with every text fit for a terminal: clean_text.h.
Report cleaned(const Report& report, bool unicode);

}  // namespace tpmprobe::reports
