// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <iosfwd>
#include <string>

#include "doctor/diagnosis.h"
#include "text/style.h"

namespace tpmprobe::doctor {

/// One line for each diagnosis with its evidence, and below it the fix.
void write_doctor_text(const Diagnoses& lines, const text::TextStyle& style, std::ostream& out);

/// {schema_version, tool, checks[{id, health, evidence, fix or null}], summary{counts by health}}.
void write_doctor_json(const Diagnoses& lines, const std::string& tool_version, std::ostream& out);

}  // namespace tpmprobe::doctor
