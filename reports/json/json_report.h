// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <iosfwd>
#include <string_view>

#include "reports/model.h"

namespace tpmprobe::reports {

/// Version of the JSON form: a minor step only adds keys, everything else is a major step.
inline constexpr std::string_view kReportSchemaVersion = "1.0";

/// Writes the report as JSON (reports/schema/report.schema.json), indented, keys in the order of
/// the schema, with a final line feed. Octets that are not UTF-8 become U+FFFD.
void write_json(const Report& report, std::ostream& out);

/// The JSON schema of write_json(), draft 2020-12, as installed in share/tpmprobe.
std::string_view report_schema();

}  // namespace tpmprobe::reports
