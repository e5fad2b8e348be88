// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <vector>

#include "reports/recognise.h"

namespace tpmprobe::reports {

/// The third step: each use of knowledge/uses.json is decided from the results; what works, is
/// strong enough, and is quickest on this TPM first, is recommended; keys that can be made but then
/// not be used, and keys that nobody should trust, are to be avoided. Results have the advice that
/// follows.
class Decided {
 public:
  std::vector<ReportedResult> results;
  std::vector<Finding> defects;
  Decisions decisions;

 private:
  Decided() = default;
  friend Decided decide_uses(Recognised recognised);
};

Decided decide_uses(Recognised recognised);

/// The same from the steps of `tpmprobe ssh`, in which no defects are recognised.
class DecidedWalk {
 public:
  std::vector<ReportedResult> results;
  Decisions decisions;

 private:
  DecidedWalk() = default;
  friend DecidedWalk decide_walk_uses(Explained explained);
};

DecidedWalk decide_walk_uses(Explained explained);

}  // namespace tpmprobe::reports
