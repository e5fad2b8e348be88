// SPDX-License-Identifier: BSD-2-Clause
#include "probes/verify/outcome.h"

#include <fmt/format.h>

namespace tpmprobe::probes {

VerifyOutcome refused(std::string why) {
  VerifyOutcome outcome;
  outcome.why = std::move(why);
  return outcome;
}

VerifyOutcome not_checked(std::string why) {
  VerifyOutcome outcome = refused(std::move(why));
  outcome.checked = false;
  return outcome;
}

VerifyOutcome judged(bool valid) {
  VerifyOutcome outcome;
  outcome.valid = valid;
  if (!valid) outcome.why = "the signature does not belong to this key and digest";
  return outcome;
}

std::string size_defect(std::string_view what, std::size_t found, std::string_view measure,
                        std::size_t expected) {
  if (found == expected) return {};
  return fmt::format("{} has {} octets, the {} {}", what, found, measure, expected);
}

}  // namespace tpmprobe::probes
