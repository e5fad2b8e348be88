// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "reports/model.h"
#include "reports/text/page.h"

namespace tpmprobe::reports::text {

/// How a verdict looks.
const Mark& mark_of(probes::Verdict verdict);

/// How the answer to "can I use it for this" looks.
const Mark& mark_of(Usability usability);

/// How grave a finding looks.
const Mark& mark_of(Severity severity);

}  // namespace tpmprobe::reports::text
