// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace tpmprobe::knowledge {

/// Some of the context words, by their numbers.
using ContextWords = std::bitset<384>;

/// Every word that makes some cause likelier when it stands in a line nearby: "nistp384", "swtpm";
/// sorted, and in small letters. Its position is its number.
std::span<const std::string_view> context_words();

}  // namespace tpmprobe::knowledge
