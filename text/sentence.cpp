// SPDX-License-Identifier: BSD-2-Clause
#include "text/sentence.h"

namespace tpmprobe::text {

std::string sentence(std::string clause) {
  if (!clause.empty() && clause.front() >= 'a' && clause.front() <= 'z') {
    clause.front() = static_cast<char>(clause.front() - 'a' + 'A');
  }
  if (!clause.empty() && clause.back() != '.') clause += '.';
  return clause;
}

}  // namespace tpmprobe::text
