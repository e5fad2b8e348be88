// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <iosfwd>
#include <string_view>

#include "explain/log.h"

namespace tpmprobe::explain {

/// Version of the JSON form of `explain`: a minor step only adds keys.
inline constexpr std::string_view kExplainSchemaVersion = "1.0";

/// Writes explanations as JSON (reports/schema/explain.schema.json), indented, with a final line
/// feed. Each is written by itself, and `primary` last. Octets that are not UTF-8 become U+FFFD.
void write_json(const ExplainedText& text, std::ostream& out);

}  // namespace tpmprobe::explain
