// SPDX-License-Identifier: BSD-2-Clause
#include "knowledge/text.h"

#include <algorithm>
#include <cstddef>

namespace tpmprobe::knowledge {

char ascii_lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

std::string hex(std::uint64_t value, int digits) {
  std::string text;
  for (; value != 0 || digits > 0; value >>= 4U, --digits) {
    text += "0123456789abcdef"[value & 0xfU];
  }
  text += "x0";
  std::ranges::reverse(text);
  return text;
}

bool same_word(std::string_view one, std::string_view other) {
  return std::ranges::equal(one, other, {}, ascii_lower, ascii_lower);
}

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!same_word(text.substr(0, prefix.size()), prefix)) {
    return false;
  }
  text.remove_prefix(prefix.size());
  return true;
}

std::string four_characters(std::uint32_t value) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) {
    text += static_cast<char>(value >> static_cast<unsigned>(shift) & 0xffU);
  }
  while (!text.empty() && (text.back() == '\0' || text.back() == ' ')) {
    text.pop_back();
  }
  std::ranges::replace_if(text, [](char letter) { return letter < ' ' || letter > '~'; }, '.');
  return text;
}

bool matches_glob(std::string_view glob, std::string_view id) {
  std::size_t g = 0, i = 0, star = std::string_view::npos, after_star = 0;
  while (i < id.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      after_star = i;
    } else if (g < glob.size() && (glob[g] == '?' || glob[g] == id[i])) {
      ++g;
      ++i;
    } else if (star != std::string_view::npos) {  // let the last star take one more
      g = star + 1;
      i = ++after_star;
    } else {
      return false;
    }
  }
  return glob.find_first_not_of('*', g) == std::string_view::npos;
}

}  // namespace tpmprobe::knowledge
