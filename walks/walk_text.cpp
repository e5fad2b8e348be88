// SPDX-License-Identifier: BSD-2-Clause
#include "walks/walk_text.h"

#include "reports/report_strings.h"
#include "reports/text/sections.h"
#include "text/page.h"

namespace tpmprobe::walks {

/// What became of each way and step: text/walk.cpp.
void write_walk(const reports::Report& report, text::Page& page);

void write_walk_text(const reports::Report& report, const text::TextStyle& style,
                     std::ostream& out) {
  const reports::Report shown = reports::cleaned(report, style.unicode);
  text::Page page(out, style);
  write_walk(shown, page);
  reports::plain::write_advice(shown, page);
  reports::plain::write_findings(shown, page);
  reports::plain::write_failed_steps(shown, page);
}

}  // namespace tpmprobe::walks
