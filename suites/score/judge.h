// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "suites/score/cases.h"

namespace tpmprobe::score {

/// What `explain` makes of a case.
struct Judgement {
  std::vector<std::string> found, missed, wrong;  ///< codes
  std::vector<std::string> classes;               ///< of the causes in reading order, each once
  std::string primary;  ///< the sentence to read first, empty if there is none
  /// Place of the class that the thread found, from 1; 0 if it is not named.
  std::size_t rank = 0;
};

/// Explains the log as `tpmprobe explain -` does, and compares.
Judgement judge(const FieldCase& field_case);

/// The place of `wanted` among `classes`, from 1; 0 if it is not there.
std::size_t rank_of(const std::string& wanted, const std::vector<std::string>& classes);

/// The commonest classes of the cases that are not held out: a guess that reads no log.
std::vector<std::string> commonest_classes(const std::vector<FieldCase>& cases, std::size_t most);

}  // namespace tpmprobe::score
