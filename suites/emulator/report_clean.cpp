// SPDX-License-Identifier: BSD-2-Clause
#include <gmock/gmock.h>

#include "suites/emulator/report_support.h"

namespace tpmprobe::suites {
namespace {
TEST_F(ReportTest, X) {
  const auto& o = run({.only = {"identity", "capability.*", "*p256*"}});
  fprintf(stderr, "%s", json_of(o.report).c_str());
  EXPECT_THAT(troubles(o.report), testing::IsEmpty());
}
}  // namespace
}  // namespace tpmprobe::suites
