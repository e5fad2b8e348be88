// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <iosfwd>
#include <string>

#include "probes/diagnosis.h"
#include "reports/style.h"

namespace tpmprobe::reports {

/// One line for each diagnosis with its evidence, and below it the fix.
void write_doctor_text(const probes::Diagnoses& lines, const TextStyle& style, std::ostream& out);

/// {schema_version, tool, checks[{id, health, evidence, fix or null}], summary{counts by health}}.
void write_doctor_json(const probes::Diagnoses& lines, const std::string& tool_version,
                       std::ostream& out);

}  // namespace tpmprobe::reports
