// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace tpmprobe::cli {

/// How many letters must change to make one word of the other (Levenshtein distance).
std::size_t letters_between(std::string_view a, std::string_view b);

/// Which of `all` a person may have meant by `word`, at most `limit`: those that contain it, or
/// differ in no more than three letters, the nearest first. Case is ignored.
std::vector<std::string_view> near_words(std::string_view word,
                                         const std::vector<std::string_view>& all,
                                         std::size_t limit);

}  // namespace tpmprobe::cli
