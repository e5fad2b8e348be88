// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <ranges>
#include <utility>

#include <gtest/gtest.h>

namespace tpmprobe::suites {

/// The range itself. A test that asserts only inside a loop says with it that the loop is run: an
/// empty table fails the test instead of passing it.
template <std::ranges::range Range>
Range not_empty(Range&& range) {
  EXPECT_FALSE(std::ranges::empty(range)) << "there is nothing to test";
  return std::forward<Range>(range);
}

}  // namespace tpmprobe::suites
