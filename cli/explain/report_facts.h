// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include <tl/expected.hpp>

#include "doctor/machine.h"

namespace tpmprobe::cli {

/// What a JSON report of `tpmprobe report` says of its TPM. The error is one line: "FILE: reason".
tl::expected<doctor::ReportFacts, std::string> read_report_facts(const std::string& path);

}  // namespace tpmprobe::cli
