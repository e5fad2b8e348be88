// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

namespace tpmprobe::golden {

/// Whole path of a file below suites/golden/data.
std::string golden_path(const std::string& relative_path);

/// Expects `actual` to be what is in suites/golden/data/`relative_path`, and shows the first line
/// that differs. With TPMPROBE_UPDATE_GOLDEN=1 in the environment the file is written instead, for
/// a person to look at its difference.
void expect_golden(const std::string& relative_path, const std::string& actual);

}  // namespace tpmprobe::golden
