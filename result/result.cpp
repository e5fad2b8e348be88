// SPDX-License-Identifier: BSD-2-Clause
#include "result/result.h"

#include <algorithm>

namespace tpmprobe {

void add_evidence(Result& result, std::string_view word) {
  if (std::find(result.evidence.begin(), result.evidence.end(), word) == result.evidence.end()) {
    result.evidence.emplace_back(word);
  }
}

}  // namespace tpmprobe
