// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace tpmprobe::explain {

struct LoggedExplanation;

/// Index of what a person should read first; nullopt if there is nothing.
std::optional<std::size_t> choose_primary(const std::vector<LoggedExplanation>& explanations);

}  // namespace tpmprobe::explain
