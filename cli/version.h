// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string_view>

namespace tpmprobe::cli {

/// Version of the program, from CMakeLists.txt.
inline constexpr std::string_view kVersion = TPMPROBE_VERSION;

}  // namespace tpmprobe::cli
