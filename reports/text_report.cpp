// SPDX-License-Identifier: BSD-2-Clause
#include "reports/text_report.h"

#include "reports/report_strings.h"
#include "reports/text/page.h"
#include "reports/text/sections.h"

namespace tpmprobe::reports {
void write_text(const Report& report, const TextStyle& style, std::ostream& out) {
  const Report shown = cleaned(report, style.unicode);
  text::Page page(out, style);
  text::write_headline(shown, page);
  text::write_advice(shown, page);
  text::write_findings(shown, page);
  text::write_uses(shown, page);
  text::write_signing_matrix(shown, page);
  text::write_details(shown, page);
  text::write_other_probes(shown, page);
  text::write_capabilities(shown, page);
  text::write_host(shown, page);
}

}  // namespace tpmprobe::reports
