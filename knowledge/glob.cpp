// SPDX-License-Identifier: BSD-2-Clause
#include "knowledge/glob.h"

#include <cstddef>

namespace tpmprobe::knowledge {

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
