// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "reports/model.h"
#include "text/page.h"

namespace tpmprobe::reports::plain {

/// How a verdict looks.
const text::Mark& mark_of(Verdict verdict);

/// How the answer to "can I use it for this" looks.
const text::Mark& mark_of(Usability usability);

/// How grave a finding looks.
const text::Mark& mark_of(Severity severity);

}  // namespace tpmprobe::reports::plain
