// SPDX-License-Identifier: BSD-2-Clause
#include "reports/privacy.h"
#include "suites/golden/report_samples.h"

namespace tpmprobe::golden {
namespace {

// Clears the screen, sets the window's title, colours, overwrites, reverses, and is not UTF-8.
constexpr const char* kAttack =
    "\x1b[2J\x1b]0;owned\x07 \x1b[31mred \r over \x08\x08 \x9b"
    "1m \xff\xfe \xc3 \xe2\x80\xae rtl "
    "\xf0\x9f\x92\xa9 \xc2\x9b"
    "2J \xed\xa0\x80 \xc0\xaf";

void attack(std::string& text) {
  text += kAttack;
}

}  // namespace

reports::Report hostile_report() {
  reports::Report report = amd_report();
  reports::visit_texts(report, attack);
  for (auto* text : {&report.tpm.manufacturer, &report.tpm.manufacturer_name,
                     &report.tpm.vendor_string, &report.tpm.firmware, &report.tpm.ptp}) {
    attack(text->value());
  }
  report.tpm.vendor_string->append(300, 'W');
  report.tpm.kind_reason = "line\nfeed\tand tab";
  report.results[0].result.actual = std::string(2000, 'x');
  report.capabilities->algorithms->push_back({0x7fff, 0xffffffff});
  report.capabilities->curves->push_back(0xffff);
  report.capabilities->properties_fixed->push_back({0x1ff, 0xffffffff});
  return report;
}

}  // namespace tpmprobe::golden
