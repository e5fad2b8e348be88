// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "reports/model.h"

namespace tpmprobe::reports {

/// Writes the report as JSON (reports/schema/report.schema.json), indented, keys in the order of
/// the schema, with a final line feed. Octets that are not UTF-8 become U+FFFD.
void write_json(const Report& report, std::ostream& out);

/// Reads what `write_json` of any version 1.x wrote; what is not in that form (times of uses, steps
/// of signing) is not in the report. A member that is missing, or of another type than the schema
/// says, is not known; one that the table (members.h) does not have is passed over. The error is a
/// clause without subject: "is not a JSON report of tpmprobe".
tl::expected<Report, std::string> read_json(std::string_view text);

/// The JSON schema of write_json(), draft 2020-12, as installed in share/tpmprobe.
std::string_view report_schema();

}  // namespace tpmprobe::reports
