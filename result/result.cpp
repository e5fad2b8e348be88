// SPDX-License-Identifier: BSD-2-Clause
#include "result/result.h"

#include <algorithm>

namespace tpmprobe {

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "pass";
    case Verdict::fail:
      return "fail";
    case Verdict::mismatch:
      return "mismatch";
    case Verdict::quirk:
      return "quirk";
    case Verdict::unsupported:
      return "unsupported";
    case Verdict::blocked:
      return "blocked";
    case Verdict::error:
      return "error";
    case Verdict::timeout:
      return "timeout";
  }
  return "error";
}

void add_evidence(Result& result, std::string_view word) {
  if (std::find(result.evidence.begin(), result.evidence.end(), word) == result.evidence.end()) {
    result.evidence.emplace_back(word);
  }
}

}  // namespace tpmprobe
