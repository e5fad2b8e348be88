// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

namespace tpmprobe::text {

/// A clause as a sentence: a capital letter in front, a full stop behind.
std::string sentence(std::string clause);

}  // namespace tpmprobe::text
