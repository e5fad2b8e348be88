// SPDX-License-Identifier: BSD-2-Clause
#include "reports/text/text_report.h"

#include "reports/privacy.h"
#include "reports/text/sections.h"
#include "text/page.h"

namespace tpmprobe::reports {
void write_text(const Report& report, const text::TextStyle& style, std::ostream& out) {
  const Report shown = cleaned(report, style.unicode);
  text::Page page(out, style);
  reports::plain::write_headline(shown, page);
  reports::plain::write_advice(shown, page);
  reports::plain::write_findings(shown, page);
  reports::plain::write_uses(shown, page);
  reports::plain::write_signing_matrix(shown, page);
  reports::plain::write_details(shown, page);
  reports::plain::write_other_probes(shown, page);
  reports::plain::write_capabilities(shown, page);
  reports::plain::write_host(shown, page);
}

}  // namespace tpmprobe::reports
