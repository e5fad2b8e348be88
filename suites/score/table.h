// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "suites/score/judge.h"

namespace tpmprobe::score {

/// How a set of cases went.
struct Totals {
  std::size_t codes = 0, found = 0, wrong = 0;
  std::size_t cases = 0, confirmed = 0;
  std::size_t first = 0, among_three = 0;                    ///< of the confirmed cases
  std::size_t all_first = 0, all_among_three = 0;            ///< of all cases
  std::size_t baseline_first = 0, baseline_among_three = 0;  ///< of the confirmed cases

  /// Counts one case.
  void add(const FieldCase& field_case, const Judgement& judgement,
           const std::vector<std::string>& baseline);
};

/// One row of the table.
std::string row(const FieldCase& field_case, const Judgement& judgement);

/// The lines under the table.
std::string summary(const std::string& name, const Totals& totals);

}  // namespace tpmprobe::score
