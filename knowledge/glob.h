// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string_view>

namespace tpmprobe::knowledge {

/// Whether a result id is meant by a glob: "*" stands for any characters, "?" for one.
bool matches_glob(std::string_view glob, std::string_view id);

}  // namespace tpmprobe::knowledge
