// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include <tl/expected.hpp>

namespace tpmprobe::cli {

/// All of a file, up to 16 MB. The error is the reason, as the operating system words it.
tl::expected<std::string, std::string> read_text_file(const std::string& path);

}  // namespace tpmprobe::cli
