// SPDX-License-Identifier: BSD-2-Clause
#include "reports/walk_text.h"

#include "reports/report_strings.h"
#include "reports/text/page.h"
#include "reports/text/sections.h"

namespace tpmprobe::reports {

void write_walk_text(const Report& report, const TextStyle& style, std::ostream& out) {
  const Report shown = cleaned(report, style.unicode);
  text::Page page(out, style);
  text::write_walk(shown, page);
  text::write_advice(shown, page);
  text::write_findings(shown, page);
  text::write_failed_steps(shown, page);
}

}  // namespace tpmprobe::reports
