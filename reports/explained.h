// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <vector>

#include "reports/model.h"

namespace tpmprobe::reports {

/// The first step of a report: results, each with what `knowledge` says about its code. Steps are
/// made by the function that is their friend and by nothing else, and each such function takes the
/// step before: their order is a matter of types.
class Explained {
 public:
  std::vector<ReportedResult> results;

 private:
  Explained() = default;
  friend Explained explain_results(std::vector<Result> results);
};

Explained explain_results(std::vector<Result> results);

}  // namespace tpmprobe::reports
