// SPDX-License-Identifier: BSD-2-Clause
#include "cli/terminal/near_words.h"

#include <algorithm>
#include <string>
#include <utility>

#include "knowledge/ascii.h"

namespace tpmprobe::cli {
namespace {

constexpr std::size_t kNear = 3;

}  // namespace

std::size_t letters_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, changed}));
    }
  }
  return row.back();
}

std::vector<std::string_view> near_words(std::string_view word,
                                         const std::vector<std::string_view>& all,
                                         std::size_t limit) {
  const std::string meant = knowledge::lower(word);
  std::vector<std::pair<std::size_t, std::string_view>> found;
  for (const auto candidate : all) {
    const std::string text = knowledge::lower(candidate);
    const std::size_t far = letters_between(meant, text);
    const bool contains = !meant.empty() && text.find(meant) != std::string::npos;
    if (far <= kNear || contains) found.emplace_back(far, candidate);
  }
  std::ranges::sort(found);
  std::vector<std::string_view> words;
  for (const auto& [far, candidate] : found) words.push_back(candidate);
  words.resize(std::min(words.size(), limit));
  return words;
}

}  // namespace tpmprobe::cli
